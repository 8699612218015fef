import type { SparseRows } from '../../maths/index.js';
import type { UsageTable } from '../../model/index.js';
import { SHARED_PRINCIPALS, sharedUsage } from '../rows/shared-columns.js';
import type { Steps } from './steps.js';

/** What works for everybody, as load: processors that it kept busy, step by step. */
export interface SharedLoads {
  readonly names: readonly string[];
  readonly loads: SparseRows;
}

export function sharedLoads(usage: UsageTable, { start, stepSeconds, count }: Steps): SharedLoads {
  const names = SHARED_PRINCIPALS.filter((name) => usage.principals.includes(name));
  const courses = sharedUsage(usage, names, { start, tickSeconds: stepSeconds, count });
  const rowStart = new Uint32Array(count + 1);
  const [column, value]: [number[], number[]] = [[], []];
  for (let j = 0; j < count; j++) {
    for (const [k, seconds] of courses.entries()) {
      const busy = (seconds[j] ?? Number.NaN) / stepSeconds;
      if (!(busy > 0)) continue;
      column.push(k);
      value.push(busy);
    }
    rowStart[j + 1] = column.length;
  }
  return {
    names,
    loads: {
      count,
      width: names.length,
      rowStart,
      column: Uint32Array.from(column),
      value: Float64Array.from(value),
    },
  };
}
