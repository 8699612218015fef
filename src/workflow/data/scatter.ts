import type { Slice } from './input-part.js';

/**
 * What worker `worker` of `workers` reads of partitions laid end to end: the fraction from worker/workers on. Whoever begins
 * where another ends computes that place in the same way, so that no element is lost or read twice.
 */
export function scatterSlices(
  keyOf: (partition: number) => string,
  partitions: number,
  worker: number,
  workers: number,
): Slice[] {
  const begin = (worker * partitions) / workers;
  const end = ((worker + 1) * partitions) / workers;
  const slices: Slice[] = [];
  for (let partition = Math.floor(begin); partition < end; partition++) {
    const from = Math.max(0, begin - partition);
    const to = Math.min(1, end - partition);
    if (from < to) slices.push({ key: keyOf(partition), from, to });
  }
  return slices;
}

/** Where each of `parts` even parts of `total` things begins, and last where the last ends. */
export const evenCuts = (total: number, parts: number): number[] =>
  Array.from({ length: parts + 1 }, (_, part) => Math.round((part * total) / parts));

/** Each number with the one after it. */
export const pairs = (cuts: readonly number[]): [number, number][] =>
  cuts.slice(1).map((to, index) => [cuts[index] ?? 0, to]);

/** A list in `chunks` parts, as even as can be, in order. */
export function staticChunks<T>(values: readonly T[], chunks: number): T[][] {
  return pairs(evenCuts(values.length, chunks)).map(([from, to]) => values.slice(from, to));
}
