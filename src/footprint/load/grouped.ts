import { columnSums, SparseRowBuilder, type SparseRows } from '../../maths/index.js';

/** Columns taken together: which column of the result each column counts in. */
export interface Grouping {
  readonly groups: number;
  readonly groupOf: Uint32Array;
}

/** The columns with most in them for themselves, and all the others as one. */
export function largestApart(rows: SparseRows, limit: number): Grouping {
  const sums = columnSums(rows.column, rows.value, rows.width);
  if (rows.width <= limit) return { groups: rows.width, groupOf: Uint32Array.from(sums.keys()) };
  const order = Array.from(sums.keys()).sort((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0) || a - b);
  const groupOf = new Uint32Array(rows.width).fill(limit - 1);
  for (const [rank, column] of order.slice(0, limit - 1).entries()) groupOf[column] = rank;
  return { groups: limit, groupOf };
}

/** The rows with columns of a group added up. */
export function grouped(rows: SparseRows, { groups, groupOf }: Grouping): SparseRows {
  const sums = new SparseRowBuilder(groups);
  for (let row = 0; row < rows.count; row++) {
    for (let p = rows.rowStart[row] ?? 0; p < (rows.rowStart[row + 1] ?? 0); p++)
      sums.add(groupOf[rows.column[p] ?? 0] ?? 0, rows.value[p] ?? 0);
    sums.endRow();
  }
  return sums.rows();
}
