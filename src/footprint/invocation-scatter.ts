import type { InvocationTable } from '../model/index.js';
import type { Rows } from './rows/rows.js';

/** So many of a function's invocations are looked at, spread over all. */
const SAMPLE = 1000;

/**
 * Coefficient of variation of the energies of each function's invocations: each invocation has its part of the function's
 * energy in the ticks in which it ran, by its seconds there. NaN for functions with fewer than two.
 */
export function invocationScatter(
  invocations: InvocationTable,
  rows: Rows,
  entryJoules: Float64Array,
): Float64Array {
  const { functionIndex, start, end, functions } = invocations;
  const courses = byFunction(rows, entryJoules, functions.length);
  const counts = new Uint32Array(functions.length);
  for (const f of functionIndex) counts[f] = (counts[f] ?? 0) + 1;
  const seen = new Uint32Array(functions.length);
  const [n, sum, square] = [0, 1, 2].map(() => new Float64Array(functions.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const horizon = rows.start + rows.count * rows.tickSeconds;
  for (const [k, f] of functionIndex.entries()) {
    const stride = Math.ceil((counts[f] ?? 0) / SAMPLE);
    const rank = seen[f] ?? 0;
    seen[f] = rank + 1;
    const [from, to] = [start[k] ?? 0, end[k] ?? 0];
    // One that lies partly outside the window has only a part of its energy in it.
    if (rank % stride !== 0 || from < rows.start || to > horizon) continue;
    const joules = courses.between(f, from, to);
    n[f] = (n[f] ?? 0) + 1;
    sum[f] = (sum[f] ?? 0) + joules;
    square[f] = (square[f] ?? 0) + joules * joules;
  }
  return n.map((count, f) => {
    const mean = (sum[f] ?? 0) / count;
    if (count < 2 || !(mean > 0)) return Number.NaN;
    return Math.sqrt(Math.max(0, ((square[f] ?? 0) - count * mean * mean) / (count - 1))) / mean;
  });
}

/** The ticks of each function, with its watts per running invocation there, so that energies between two moments are found fast. */
function byFunction(rows: Rows, entryJoules: Float64Array, width: number) {
  const from = new Uint32Array(width + 1);
  for (const f of rows.column) if (f < width) from[f + 1] = (from[f + 1] ?? 0) + 1;
  for (let f = 0; f < width; f++) from[f + 1] = (from[f + 1] ?? 0) + (from[f] ?? 0);
  const next = from.slice(0, width);
  const ticks = new Uint32Array(from[width] ?? 0);
  const watts = new Float64Array(from[width] ?? 0);
  for (let tick = 0; tick < rows.count; tick++) {
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++) {
      const f = rows.column[p] ?? 0;
      if (f >= width) continue;
      const at = next[f] ?? 0;
      next[f] = at + 1;
      ticks[at] = tick;
      const seconds = rows.seconds[p] ?? 0;
      watts[at] = seconds > 0 ? (entryJoules[p] ?? 0) / seconds : 0;
    }
  }
  const { start, tickSeconds } = rows;
  return {
    between(f: number, a: number, b: number): number {
      let [low, high] = [from[f] ?? 0, from[f + 1] ?? 0];
      const firstTick = Math.floor((a - start) / tickSeconds);
      const last = high;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((ticks[middle] ?? 0) < firstTick) low = middle + 1;
        else high = middle;
      }
      let joules = 0;
      for (let at = low; at < last; at++) {
        const begin = start + (ticks[at] ?? 0) * tickSeconds;
        if (begin >= b) break;
        joules += (watts[at] ?? 0) * Math.max(0, Math.min(b, begin + tickSeconds) - Math.max(a, begin));
      }
      return joules;
    },
  };
}
