import type { SparseRows } from '../../maths/index.js';

/** Sum of two matrices with the same entries, each column of each weighed: `a[c]·left + b[c]·right`. */
export function combined(left: SparseRows, a: Float64Array, right: SparseRows, b: Float64Array): SparseRows {
  const value = new Float64Array(left.value.length);
  for (let p = 0; p < value.length; p++) {
    const column = left.column[p] ?? 0;
    value[p] = (a[column] ?? 0) * (left.value[p] ?? 0) + (b[column] ?? 0) * (right.value[p] ?? 0);
  }
  return { ...left, value };
}
