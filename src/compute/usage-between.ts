import type { Usage } from '../model/index.js';

const COUNTS = [
  'cycles',
  'instructions',
  'llcMisses',
  'contextSwitches',
  'readBytes',
  'writtenBytes',
] as const satisfies readonly (keyof Usage)[];

/** What was used between two readings. */
export function usageBetween(before: Usage, after: Usage): Usage {
  const counts: { -readonly [Key in keyof Usage]?: Usage[Key] } = {};
  for (const key of COUNTS) {
    const [from, to] = [before[key], after[key]];
    if (from !== undefined && to !== undefined) counts[key] = Math.max(0, to - from);
  }
  return { ...counts, cpuSeconds: Math.max(0, after.cpuSeconds - before.cpuSeconds) };
}
