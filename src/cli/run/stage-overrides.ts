import { InvalidArgumentError } from 'commander';
import type { Configuration } from '../../model/index.js';

export type Overrides = Record<string, Partial<Configuration>>;

const KEYS: Readonly<Record<string, keyof Configuration>> = {
  workers: 'workers',
  cpu: 'cpu',
  memory: 'memoryMib',
};

/** `train:workers=4,cpu=2,memory=2048`, added to what was said before. For commander's options. */
export function stageOverride(text: string, before: Overrides = {}): Overrides {
  const colon = text.lastIndexOf(':');
  const [stage, settings] = [text.slice(0, colon), text.slice(colon + 1)];
  if (colon < 1) throw new InvalidArgumentError('Write it as STAGE:workers=4,cpu=2,memory=2048.');
  const override: Partial<Record<keyof Configuration, number>> = {};
  for (const part of settings.split(',')) {
    const [key = '', value = ''] = part.split('=');
    const name = KEYS[key.trim()];
    const figure = Number(value);
    if (name === undefined) throw new InvalidArgumentError(`"${key}" is none of workers, cpu, memory.`);
    if (value.trim() === '' || !(figure > 0))
      throw new InvalidArgumentError(`"${part}" needs a number above 0.`);
    override[name] = figure;
  }
  return { ...before, [stage]: { ...before[stage], ...override } };
}
