import type { SparseRows } from '../../maths/index.js';

/** Columns taken together: which column of the result each column counts in. */
export interface Grouping {
  readonly groups: number;
  readonly groupOf: Uint32Array;
}

/** The columns with most in them for themselves, and all the others as one. */
export function largestApart(rows: SparseRows, limit: number): Grouping {
  const sums = new Float64Array(rows.width);
  rows.column.forEach((column, p) => {
    sums[column] = (sums[column] ?? 0) + (rows.value[p] ?? 0);
  });
  if (rows.width <= limit) return { groups: rows.width, groupOf: Uint32Array.from(sums.keys()) };
  const order = Array.from(sums.keys()).sort((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0) || a - b);
  const groupOf = new Uint32Array(rows.width).fill(limit - 1);
  for (const [rank, column] of order.slice(0, limit - 1).entries()) groupOf[column] = rank;
  return { groups: limit, groupOf };
}

/** The rows with columns of a group added up. */
export function grouped(rows: SparseRows, { groups, groupOf }: Grouping): SparseRows {
  const rowStart = new Uint32Array(rows.count + 1);
  const column = new Uint32Array(rows.column.length);
  const values = new Float64Array(rows.column.length);
  const sums = new Float64Array(groups);
  const touched: number[] = [];
  let used = 0;
  for (let row = 0; row < rows.count; row++) {
    for (let p = rows.rowStart[row] ?? 0; p < (rows.rowStart[row + 1] ?? 0); p++) {
      const group = groupOf[rows.column[p] ?? 0] ?? 0;
      const value = rows.value[p] ?? 0;
      if (value === 0) continue;
      if (sums[group] === 0) touched.push(group);
      sums[group] = (sums[group] ?? 0) + value;
    }
    touched.sort((a, b) => a - b);
    for (const group of touched) {
      column[used] = group;
      values[used++] = sums[group] ?? 0;
      sums[group] = 0;
    }
    touched.length = 0;
    rowStart[row + 1] = used;
  }
  return {
    count: rows.count,
    width: groups,
    rowStart,
    column: column.slice(0, used),
    value: values.slice(0, used),
  };
}
