import type { Configuration } from '../../model/index.js';

// As Python writes numbers: `4`, `0.5`, `4.`, `1e3`.
const NUMBER = String.raw`\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+\.)\s*`;
const KEY = new RegExp(`^\\s*\\(${NUMBER},${NUMBER},${NUMBER},?\\s*\\)\\s*$`);

/** `(1, 1769, 4)`: how FlexExecutor writes a configuration. */
export const configurationKey = ({ cpu, memoryMib, workers }: Configuration): string =>
  `(${cpu}, ${memoryMib}, ${workers})`;

/** What such a key means, however it is spaced; why it means nothing, as text. */
export function parseConfigurationKey(key: string): Configuration | string {
  const [, ...numbers] = KEY.exec(key) ?? [];
  if (numbers.length === 0) return 'is not "(cpu, memory, workers)"';
  const [cpu = 0, memoryMib = 0, workers = 0] = numbers.map(Number);
  if (!(cpu > 0 && Number.isFinite(cpu))) return 'has no processors';
  if (!(workers >= 1 && Number.isSafeInteger(workers))) return 'has no whole number of workers above 0';
  if (!Number.isFinite(memoryMib)) return 'has memory without end';
  return { cpu, memoryMib, workers };
}
