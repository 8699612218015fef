import { addCombination, addScaled, dot } from './dense.js';

const rowStart = (row: number): number => (row * (row + 1)) / 2;

/**
 * The factor L of a symmetric positive definite matrix, L·Lᵀ, that grows and shrinks by one column at a time. Appending
 * to or removing from a factor of size n costs O(n²), as does solving; building one whole costs n³/6 multiplications.
 */
export class Cholesky {
  /** The lower triangle, row after row. */
  readonly #factor: Float64Array;
  #size = 0;
  /** Rotations of the removal under way, one a row. */
  readonly #cosines: number[] = [];
  readonly #sines: number[] = [];

  /** An empty factor with room for `capacity` columns. */
  constructor(capacity: number) {
    this.#factor = new Float64Array(rowStart(capacity));
  }

  get size(): number {
    return this.#size;
  }

  /** L[row, column], for a column up to the row. */
  entry(row: number, column: number): number {
    return this.#factor[rowStart(row) + column] ?? 0;
  }

  /**
   * Appends a column: `products[i]` is its product with column i of those already there, the last entry that with
   * itself. When what is left of the latter is not above `minPivot`, the column depends on the others: nothing changes
   * and the answer is false.
   */
  append(products: ArrayLike<number>, minPivot = 0): boolean {
    const [size, factor] = [this.#size, this.#factor];
    const row = rowStart(size);
    if (row + size >= factor.length) throw new RangeError(`the factor has room for ${size} columns only`);
    let pivot = products[size] ?? Number.NaN;
    for (let i = 0; i < size; i++) {
      const start = rowStart(i);
      const value = ((products[i] ?? 0) - dot(factor, factor, i, start, row)) / (factor[start + i] ?? 0);
      factor[row + i] = value;
      pivot -= value * value;
    }
    if (!(pivot > minPivot)) return false;
    factor[row + size] = Math.sqrt(pivot);
    this.#size++;
    return true;
  }

  /** Removes the column at a position; those after it move up by one. */
  remove(position: number): void {
    if (!(position >= 0 && position < this.#size)) throw new RangeError(`no column at ${position}`);
    const factor = this.#factor;
    for (let i = position + 1; i < this.#size; i++) {
      const [from, to] = [rowStart(i), rowStart(i - 1)];
      factor.copyWithin(to, from, from + i);
      // The row is one entry too long now. Rotations of neighbouring columns, one a row, bring the last entry to zero.
      this.#restore(i - 1, position, factor[from + i] ?? 0);
    }
    this.#size--;
    this.#cosines.length = 0;
    this.#sines.length = 0;
  }

  /** Applies the rotations of the rows above to a row, and finds the one that makes it end on the diagonal. */
  #restore(row: number, position: number, excess: number): void {
    const factor = this.#factor;
    const start = rowStart(row);
    for (let k = position; k < row; k++) {
      const cosine = this.#cosines[k - position] ?? 1;
      const sine = this.#sines[k - position] ?? 0;
      const left = factor[start + k] ?? 0;
      const right = factor[start + k + 1] ?? 0;
      factor[start + k] = cosine * left + sine * right;
      factor[start + k + 1] = cosine * right - sine * left;
    }
    const diagonal = factor[start + row] ?? 0;
    const length = Math.hypot(diagonal, excess);
    factor[start + row] = length;
    this.#cosines.push(diagonal / length);
    this.#sines.push(excess / length);
  }

  /** Forgets all columns; the room stays. */
  clear(): void {
    this.#size = 0;
  }

  /** L⁻¹·b, in place. */
  forward(right: Float64Array): Float64Array {
    const factor = this.#factor;
    for (let i = 0; i < this.#size; i++) {
      const start = rowStart(i);
      right[i] = ((right[i] ?? 0) - dot(factor, right, i, start, 0)) / (factor[start + i] ?? 0);
    }
    return right;
  }

  /** L⁻ᵀ·b, in place. */
  backward(right: Float64Array): Float64Array {
    const factor = this.#factor;
    for (let i = this.#size - 1; i >= 0; i--) {
      const start = rowStart(i);
      const value = (right[i] ?? 0) / (factor[start + i] ?? 0);
      right[i] = value;
      addScaled(right, -value, factor, i, 0, start);
    }
    return right;
  }

  /** The x for which matrix · x = b, in place. */
  solve(right: Float64Array): Float64Array {
    return this.backward(this.forward(right));
  }

  /** L⁻¹·M, in place, for a matrix of as many rows as the factor, row after row, each of `width` entries. */
  forwardRows(matrix: Float64Array, width: number): Float64Array {
    const factor = this.#factor;
    const offsets = Uint32Array.from({ length: this.#size }, (_, k) => k * width);
    for (let i = 0; i < this.#size; i++) {
      const start = rowStart(i);
      const factors = Array.from({ length: i }, (_, k) => -(factor[start + k] ?? 0));
      addCombination(matrix, i * width, width, matrix, offsets.subarray(0, i), factors);
      const pivot = factor[start + i] ?? 0;
      for (let k = i * width; k < (i + 1) * width; k++) matrix[k] = (matrix[k] ?? 0) / pivot;
    }
    return matrix;
  }

  /** Twice the sum of the logarithms of the factor's diagonal. */
  logDeterminant(): number {
    let sum = 0;
    for (let i = 0; i < this.#size; i++) sum += Math.log(this.#factor[rowStart(i) + i] ?? 0);
    return 2 * sum;
  }

  /** The diagonal of the inverse matrix. */
  inverseDiagonal(): Float64Array {
    const [size, factor] = [this.#size, this.#factor];
    const column = new Float64Array(size);
    return new Float64Array(size).map((_, j) => {
      column[j] = 1 / (factor[rowStart(j) + j] ?? 0);
      for (let i = j + 1; i < size; i++) {
        const start = rowStart(i);
        column[i] = -dot(factor, column, i - j, start + j, j) / (factor[start + i] ?? 0);
      }
      return dot(column, column, size - j, j, j);
    });
  }

  /** The inverse matrix, row after row: n³/3 multiplications. */
  inverse(): Float64Array {
    const [size, factor] = [this.#size, this.#factor];
    // Column j of L⁻¹ from its row j on, row after row of this.
    const columns = new Float64Array(size * size);
    for (let j = 0; j < size; j++) {
      const own = j * size;
      columns[own + j] = 1 / (factor[rowStart(j) + j] ?? 0);
      for (let i = j + 1; i < size; i++) {
        const start = rowStart(i);
        columns[own + i] = -dot(factor, columns, i - j, start + j, own + j) / (factor[start + i] ?? 0);
      }
    }
    const inverse = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        const value = dot(columns, columns, size - i, i * size + i, j * size + i);
        inverse[i * size + j] = value;
        inverse[j * size + i] = value;
      }
    return inverse;
  }
}

/** The factor of a whole matrix, given row after row; undefined when it isn't positive definite (to `tolerance` of each diagonal entry). */
export function choleskyOf(matrix: Float64Array, size: number, tolerance = 0): Cholesky | undefined {
  const factor = new Cholesky(size);
  for (let i = 0; i < size; i++) {
    const minPivot = tolerance * (matrix[i * size + i] ?? 0);
    if (!factor.append(matrix.subarray(i * size, i * size + i + 1), minPivot)) return undefined;
  }
  return factor;
}
