/** A sparse matrix A: the entries of row `i` stand at `rowStart[i]` to before `rowStart[i + 1]`, in order of column. */
export interface SparseRows {
  readonly count: number;
  /** Number of columns. */
  readonly width: number;
  readonly rowStart: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float64Array;
}

/** All that least squares needs to know of A and b: it adds up over rows, and is of one size however many there are. */
export interface NormalEquations {
  /** Number of columns of A. */
  readonly size: number;
  /** Aᵀ·A, row after row: both triangles. */
  readonly gram: Float64Array;
  /** Aᵀ·b. */
  readonly right: Float64Array;
  /** bᵀ·b. */
  readonly square: number;
  /** Rows that counted. */
  readonly count: number;
}

export const emptyEquations = (size: number): NormalEquations => ({
  size,
  gram: new Float64Array(size * size),
  right: new Float64Array(size),
  square: 0,
  count: 0,
});

/**
 * The normal equations of A·x ≈ b, in Σ nnz(row)² / 2 steps. A row whose target or weight is not a finite number, or
 * whose weight is 0, is left out. A weight of 2 counts a row twice.
 */
export function normalEquations(
  rows: SparseRows,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): NormalEquations {
  const { width, rowStart, column, value } = rows;
  const { gram, right } = emptyEquations(width);
  let [square, count] = [0, 0];
  for (let row = 0; row < rows.count; row++) {
    const [b, weight] = [target[row] ?? Number.NaN, weights?.[row] ?? 1];
    if (!Number.isFinite(b) || !Number.isFinite(weight) || weight === 0) continue;
    const [from, to] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
    for (let p = from; p < to; p++) {
      const weighted = weight * (value[p] ?? 0);
      const j = column[p] ?? 0;
      right[j] = (right[j] ?? 0) + weighted * b;
      const start = j * width;
      for (let q = from; q <= p; q++) {
        const place = start + (column[q] ?? 0);
        gram[place] = (gram[place] ?? 0) + weighted * (value[q] ?? 0);
      }
    }
    square += weight * b * b;
    count++;
  }
  mirror(gram, width);
  return { size: width, gram, right, square, count };
}

/** Copies the lower triangle of a square matrix into the upper. */
function mirror(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j] ?? 0;
}

/** A·x, row by row. */
export function multiply(rows: SparseRows, x: ArrayLike<number>): Float64Array {
  const { rowStart, column, value } = rows;
  const product = new Float64Array(rows.count);
  for (let row = 0; row < rows.count; row++) {
    let sum = 0;
    for (let p = rowStart[row] ?? 0; p < (rowStart[row + 1] ?? 0); p++)
      sum += (value[p] ?? 0) * (x[column[p] ?? 0] ?? 0);
    product[row] = sum;
  }
  return product;
}
