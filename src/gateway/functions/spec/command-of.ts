import { Misdescribed } from './misdescribed.js';
import { commandOfEnvironment } from './watchdog-environment.js';
import { commandWords } from './words.js';

/** The command that a description names: as `fprocess`, or in its environment. Undefined where it names none. */
export function commandOf(
  fprocess: string | undefined,
  environment: Readonly<Record<string, string>> | undefined,
): string[] | undefined {
  const own = fprocess?.trim();
  const told = own ? { key: undefined, text: own } : commandOfEnvironment(environment);
  if (told === undefined) return undefined;
  const path = told.key === undefined ? ['fprocess'] : ['environment', told.key];
  const words = commandWords(told.text);
  if (words === undefined) {
    throw new Misdescribed(path, `${JSON.stringify(told.text)} is no command: a quote is not closed`);
  }
  if (words[0]) return words;
  throw new Misdescribed(path, 'names no program');
}
