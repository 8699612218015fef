import type { InvocationTable } from '../../model/index.js';

/** So many of a function's invocations are looked at, spread over all; fewer where there are many functions. */
const SAMPLE = { most: 400, least: 20, together: 20_000 };
/** Some invocations of each function. */
export interface InvocationSample {
  readonly of: Uint32Array;
  readonly seconds: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Where the invocations of each function begin. */
  readonly from: Uint32Array;
}

/** Invocations that ended, some of each function, in order of function. */
export function sampled(
  { functions, functionIndex, start, end }: InvocationTable,
  [from, until]: readonly [number, number],
): InvocationSample {
  const width = functions.length;
  const limit = Math.max(SAMPLE.least, Math.min(SAMPLE.most, Math.floor(SAMPLE.together / width)));
  // What else ran is known on the grid alone; one that never ended has no length to learn from.
  const good = (k: number): boolean => {
    const [begin, finish] = [start[k] ?? Number.NaN, end[k] ?? Number.NaN];
    return begin >= from && finish > begin && finish <= until;
  };
  const counts = new Uint32Array(width);
  for (let k = 0; k < functionIndex.length; k++)
    if (good(k)) counts[functionIndex[k] ?? 0] = (counts[functionIndex[k] ?? 0] ?? 0) + 1;
  const first = new Uint32Array(width + 1);
  for (let f = 0; f < width; f++) first[f + 1] = (first[f] ?? 0) + Math.min(limit, counts[f] ?? 0);
  const picks = new Uint32Array(first[width] ?? 0);
  const seen = new Uint32Array(width);
  for (let k = 0; k < functionIndex.length; k++) {
    if (!good(k)) continue;
    const f = functionIndex[k] ?? 0;
    const [count, rank] = [counts[f] ?? 0, seen[f] ?? 0];
    seen[f] = rank + 1;
    // Every count/limit-th, so that those taken lie evenly among all.
    const place = count <= limit ? rank : Math.floor((rank * limit) / count);
    const taken = count <= limit || place !== Math.floor(((rank - 1) * limit) / count);
    if (taken) picks[(first[f] ?? 0) + place] = k;
  }
  const column = (of: Float64Array): Float64Array => Float64Array.from(picks, (k) => of[k] ?? 0);
  const [begins, ends] = [column(start), column(end)];
  return {
    from: first,
    of: Uint32Array.from(picks, (k) => functionIndex[k] ?? 0),
    start: begins,
    end: ends,
    seconds: ends.map((value, i) => value - (begins[i] ?? 0)),
  };
}
