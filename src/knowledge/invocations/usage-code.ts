import type { MethodUsage, Usage } from '../../model/index.js';

/** The fields of a usage in the order in which they are kept; new ones go to the end. */
const FIELDS = [
  'cpuSeconds',
  'cycles',
  'instructions',
  'llcMisses',
  'contextSwitches',
  'memoryPeakMib',
  'readBytes',
  'writtenBytes',
] as const satisfies readonly (keyof Usage)[];

// A field that is added to Usage and not kept would be lost in silence: it does not compile.
type Forgotten = Exclude<keyof Usage, (typeof FIELDS)[number]>;
const nothingForgotten: Forgotten extends never ? true : Forgotten = true;
void nothingForgotten;

/** The method, then its figures; those that it doesn't tell are null, and left out at the end. */
export type UsageCode = readonly [MethodUsage['method'], ...(number | null)[]];

export function encodeUsage({ method, usage }: MethodUsage): UsageCode {
  const figures: (number | null)[] = FIELDS.map((field) => usage[field] ?? null);
  while (figures.at(-1) === null) figures.pop();
  return [method, ...figures];
}

export function decodeUsage([method, ...figures]: UsageCode): MethodUsage {
  const known = FIELDS.flatMap((field, index) => {
    const figure = figures[index];
    return figure === null || figure === undefined ? [] : [[field, figure] as const];
  });
  return { method, usage: { cpuSeconds: Number.NaN, ...Object.fromEntries(known) } };
}
