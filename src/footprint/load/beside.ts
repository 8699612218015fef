import type { SparseRows } from '../../maths/index.js';

/** Two matrices with the same rows as one: the second's columns stand behind the first's. */
export function beside(left: SparseRows, right: SparseRows): SparseRows {
  if (right.width === 0) return left;
  const size = left.column.length + right.column.length;
  const rowStart = new Uint32Array(left.count + 1);
  const column = new Uint32Array(size);
  const value = new Float64Array(size);
  let used = 0;
  for (let row = 0; row < left.count; row++) {
    for (const [rows, shift] of [
      [left, 0],
      [right, left.width],
    ] as const)
      for (let p = rows.rowStart[row] ?? 0; p < (rows.rowStart[row + 1] ?? 0); p++) {
        column[used] = (rows.column[p] ?? 0) + shift;
        value[used++] = rows.value[p] ?? 0;
      }
    rowStart[row + 1] = used;
  }
  return { count: left.count, width: left.width + right.width, rowStart, column, value };
}

/** A matrix without columns. */
export const noColumns = (count: number): SparseRows => ({
  count,
  width: 0,
  rowStart: new Uint32Array(count + 1),
  column: new Uint32Array(0),
  value: new Float64Array(0),
});
