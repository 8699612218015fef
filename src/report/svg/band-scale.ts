import type { Pixels } from './scale.js';

/** Values one after another with equal room for each, whatever lies between them. */
export interface BandScale extends Pixels {
  readonly values: readonly number[];
  /** The room of one. */
  readonly width: number;
  /** The middle of a value's room; NaN for a value that is none of them. */
  at(value: number): number;
}

export function bandScale(values: Iterable<number>, { start, end }: Pixels): BandScale {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const width = (end - start) / Math.max(1, sorted.length);
  const places = new Map(sorted.map((value, index) => [value, start + (index + 0.5) * width]));
  return { start, end, values: sorted, width, at: (value) => places.get(value) ?? Number.NaN };
}

/** Where the n-th of so many series stands beside the middle of a value, so that their marks don't cover one another. */
export function besideMiddle(index: number, count: number, width: number): number {
  const step = Math.min(11, (0.7 * width) / Math.max(1, count));
  return (index - (count - 1) / 2) * step;
}
