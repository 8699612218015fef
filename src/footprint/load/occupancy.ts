import type { SparseRows } from '../../maths/index.js';
import type { InvocationTable } from '../../model/index.js';
import { buildRows } from '../rows/build-rows.js';
import type { Steps } from './steps.js';

/** How many invocations of each function ran, step by step: a mean over the step, so that short ones count by their time. */
export interface Occupancy {
  readonly steps: Steps;
  /** One row a step, one column a function. */
  readonly rows: SparseRows;
  /** Of all functions together. */
  readonly total: Float64Array;
}

export function occupancyOf(invocations: InvocationTable, steps: Steps): Occupancy {
  const { start, stepSeconds, count } = steps;
  const { rows } = buildRows(invocations, { start, tickSeconds: stepSeconds, count });
  const value = rows.seconds.map((seconds) => seconds / stepSeconds);
  const total = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    let sum = 0;
    for (let p = rows.rowStart[j] ?? 0; p < (rows.rowStart[j + 1] ?? 0); p++) sum += value[p] ?? 0;
    total[j] = sum;
  }
  return {
    steps,
    total,
    rows: {
      count,
      width: invocations.functions.length,
      rowStart: rows.rowStart,
      column: rows.column,
      value,
    },
  };
}
