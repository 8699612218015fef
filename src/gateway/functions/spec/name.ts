import { refusedInput } from './misdescribed.js';

const LONGEST = 63;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** So much of a refused name is told. */
const SHOWN = 40;

export const isFunctionName = (name: string): boolean => name.length <= LONGEST && LABEL.test(name);

/** Refuses what can't be a function's name: it becomes part of paths, addresses, names of containers and control groups. */
export function checkFunctionName(name: string): void {
  if (isFunctionName(name)) return;
  throw refusedInput(`${shown(name)} is no name for a function: ${whyNot(name)}`, remedyFor(name));
}

/** Control characters would disturb whoever reads the message. */
const shown = (name: string): string =>
  JSON.stringify(name.length > SHOWN ? `${name.slice(0, SHOWN)}…` : name);

function whyNot(name: string): string {
  if (name === '') return 'it is empty';
  if (name.length > LONGEST) return `it has ${name.length} characters, and ${LONGEST} are allowed`;
  if (/[^a-z0-9-]/.test(name)) return 'only lower-case letters, digits and dashes are allowed';
  return 'it may not begin or end with a dash';
}

/** The name that was likely meant, where there is one that is allowed. */
function remedyFor(name: string): string {
  const near = name
    .toLowerCase()
    .replace(/[_. ]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return isFunctionName(near)
    ? `Name it "${near}"`
    : `Name it with lower-case letters, digits and dashes, at most ${LONGEST} characters`;
}
