import type { SparseRows } from './normal-equations.js';

/** Makes sparse rows from amounts in any order: those of one column add up, and columns come out in order. */
export class SparseRowBuilder {
  readonly #width: number;
  readonly #sums: Float64Array;
  readonly #touched: number[] = [];
  readonly #rowStart: number[] = [0];
  readonly #column: number[] = [];
  readonly #value: number[] = [];

  constructor(width: number) {
    this.#width = width;
    this.#sums = new Float64Array(width);
  }

  add(column: number, amount: number): void {
    if (amount === 0) return;
    const sum = this.#sums[column] ?? 0;
    if (sum === 0) this.#touched.push(column);
    this.#sums[column] = sum + amount;
  }

  /** What was added since the last row is one, an empty one too. */
  endRow(): void {
    this.#touched.sort((a, b) => a - b);
    for (const column of this.#touched) {
      this.#column.push(column);
      this.#value.push(this.#sums[column] ?? 0);
      this.#sums[column] = 0;
    }
    this.#touched.length = 0;
    this.#rowStart.push(this.#column.length);
  }

  rows(): SparseRows {
    return {
      count: this.#rowStart.length - 1,
      width: this.#width,
      rowStart: Uint32Array.from(this.#rowStart),
      column: Uint32Array.from(this.#column),
      value: Float64Array.from(this.#value),
    };
  }
}

/** The sum of each column's values; columns beyond `width` are left out. */
export function columnSums(column: Uint32Array, value: ArrayLike<number>, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (const [p, k] of column.entries()) if (k < width) sums[k] = (sums[k] ?? 0) + (value[p] ?? 0);
  return sums;
}
