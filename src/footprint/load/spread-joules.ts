import type { SparseRows } from '../../maths/index.js';
import type { Occupancy } from './occupancy.js';

/** Steps from the first to before the last. */
export type Span = readonly [first: number, last: number];

/**
 * Joules that functions took in spans of time, as watts by step: divided over the steps of the span as the function's
 * invocations ran there. What a function took in a span without having run there is left out. `joulesOf` fills in what each
 * function took in a span, given the running time of each; NaN leaves it at the watts that `usual` has.
 */
export function spreadJoules(
  { rows, steps }: Pick<Occupancy, 'rows' | 'steps'>,
  spans: readonly Span[],
  joulesOf: (span: number, joules: Float64Array, ranSeconds: Float64Array) => void,
  usual?: Float64Array,
): SparseRows {
  const value = usual?.slice() ?? new Float64Array(rows.value.length);
  const [joules, ran] = [new Float64Array(rows.width), new Float64Array(rows.width)];
  for (const [k, [first, last]] of spans.entries()) {
    joules.fill(0);
    ran.fill(0);
    const [from, to] = [rows.rowStart[first] ?? 0, rows.rowStart[last] ?? 0];
    for (let p = from; p < to; p++) {
      const f = rows.column[p] ?? 0;
      ran[f] = (ran[f] ?? 0) + (rows.value[p] ?? 0) * steps.stepSeconds;
    }
    joulesOf(k, joules, ran);
    for (let p = from; p < to; p++) {
      const f = rows.column[p] ?? 0;
      const [own, seconds] = [joules[f] ?? 0, ran[f] ?? 0];
      // An invocation without length has an entry, and no time.
      if (Number.isFinite(own)) value[p] = seconds > 0 ? (own * (rows.value[p] ?? 0)) / seconds : 0;
    }
  }
  return { ...rows, value };
}
