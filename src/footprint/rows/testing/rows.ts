import fc from 'fast-check';
import type { InvocationTable } from '../../../model/index.js';
import type { Rows } from '../rows.js';
import type { Ticks } from '../ticks.js';

/** One invocation: function, start, end. */
export type Run = readonly [name: string, start: number, end: number];

export function tableOf(runs: readonly Run[]): InvocationTable {
  const functions = [...new Set(runs.map(([name]) => name))];
  return {
    functions,
    functionIndex: Uint32Array.from(runs, ([name]) => functions.indexOf(name)),
    start: Float64Array.from(runs, ([, start]) => start),
    end: Float64Array.from(runs, ([, , end]) => end),
  };
}

/** Rows as `seconds×activations` by column, for reading. */
export function readable({ columns, rowStart, column, seconds, activations, count }: Rows): string[] {
  return Array.from({ length: count }, (_, row) => {
    const cells: string[] = [];
    for (let at = rowStart[row] ?? 0; at < (rowStart[row + 1] ?? 0); at++) {
      const value = Number((seconds[at] ?? 0).toFixed(9));
      cells.push(`${columns[column[at] ?? -1]} ${value}s×${activations[at]}`);
    }
    return cells.join(', ');
  });
}

/** Every entry by tick and name, to the last bit, whatever the order of the columns. */
export function entriesOf(
  rows: readonly Rows[],
): Map<string, readonly [seconds: number, activations: number]> {
  const entries = new Map<string, readonly [number, number]>();
  let tick = 0;
  for (const { columns, rowStart, column, seconds, activations, count } of rows) {
    for (let row = 0; row < count; row++, tick++) {
      for (let at = rowStart[row] ?? 0; at < (rowStart[row + 1] ?? 0); at++) {
        const name = columns[column[at] ?? -1];
        entries.set(`${tick} ${name}`, [seconds[at] ?? Number.NaN, activations[at] ?? Number.NaN]);
      }
    }
  }
  return entries;
}

/** Seconds of invocations between two times, by the plainest means. */
export function secondsWithin(runs: readonly Run[], from: number, to: number): number {
  return runs.reduce(
    (sum, [, start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
    0,
  );
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Ticks of any length, also such as no binary fraction gives exactly. */
export const anyTicks: fc.Arbitrary<Ticks> = fc.record({
  start: fc.oneof(fc.constant(0), fc.double({ min: -1e3, max: 1e9, noNaN: true })),
  tickSeconds: fc.oneof(fc.constantFrom(0.1, 0.25, 1, 60), fc.double({ min: 1e-3, max: 1e3, noNaN: true })),
  count: fc.integer({ min: 1, max: 40 }),
});

/** Invocations around a window, many of them overlapping, on edges of ticks, of no length, or without an end. */
export function runsAround({ start, tickSeconds, count }: Ticks): fc.Arbitrary<Run[]> {
  const place = fc.oneof(
    fc.double({ min: -5, max: count + 5, noNaN: true }),
    fc.integer({ min: -2, max: count + 2 }),
  );
  const length = fc.oneof(
    { weight: 3, arbitrary: fc.double({ min: 0, max: 3, noNaN: true }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: count + 3 }) },
    { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
  );
  const run = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), place, length).map(([name, at, ticks]): Run => {
    const begin = start + at * tickSeconds;
    return [name, begin, Math.max(begin, start + (at + ticks) * tickSeconds)];
  });
  return fc.array(run, { maxLength: 60 });
}
