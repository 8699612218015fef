import { Cholesky } from './cholesky.js';
import { addCombination } from './dense.js';

// Changing the factor column by column pays off up to this part of its columns; beyond it, a new one is cheaper.
const UPDATE_PART = 1 / 20;

/**
 * The columns that may differ from zero while a non-negative solution is sought, and the factor of their part of the
 * Gram matrix, whose diagonal is 1. Columns that depend on others of the set are kept out of it.
 */
export class PassiveSet {
  readonly #gram: Float64Array;
  readonly #right: Float64Array;
  readonly #size: number;
  readonly #factor: Cholesky;
  readonly #minPivot: number;
  readonly #members: number[] = [];
  readonly #has: Uint8Array;

  constructor(gram: Float64Array, right: Float64Array) {
    this.#gram = gram;
    this.#right = right;
    this.#size = right.length;
    this.#factor = new Cholesky(right.length);
    this.#has = new Uint8Array(right.length);
    // What rounding leaves of a column that depends on others.
    this.#minPivot = 8 * Number.EPSILON * Math.max(8, right.length);
  }

  get members(): readonly number[] {
    return this.#members;
  }

  has(column: number): boolean {
    return this.#has[column] === 1;
  }

  /** Takes a column in; false when it depends on those that are in. */
  add(column: number): boolean {
    const start = column * this.#size;
    const products = new Float64Array(this.#members.length + 1);
    for (const [i, member] of this.#members.entries()) products[i] = this.#gram[start + member] ?? 0;
    products[this.#members.length] = this.#gram[start + column] ?? 0;
    if (!this.#factor.append(products, this.#minPivot)) return false;
    this.#members.push(column);
    this.#has[column] = 1;
    return true;
  }

  /** Puts some columns out and takes others in. Returns those that could not be taken in. */
  exchange(out: readonly number[], into: readonly number[]): number[] {
    for (const column of out) this.#has[column] = 0;
    if (out.length > UPDATE_PART * this.#members.length) {
      const kept = this.#members.filter((column) => this.has(column));
      this.#members.length = 0;
      this.#factor.clear();
      return [...kept, ...into].filter((column) => {
        this.#has[column] = 0;
        return !this.add(column);
      });
    }
    for (let i = this.#members.length - 1; i >= 0; i--) {
      if (this.has(this.#members[i] ?? 0)) continue;
      this.#factor.remove(i);
      this.#members.splice(i, 1);
    }
    return into.filter((column) => !this.add(column));
  }

  /** The least-squares solution with these columns alone, in place. */
  solve(x: Float64Array): void {
    const values = Float64Array.from(this.#members, (column) => this.#right[column] ?? 0);
    this.#factor.solve(values);
    x.fill(0);
    for (const [i, column] of this.#members.entries()) x[column] = values[i] ?? 0;
  }

  /** Gram · x − right, in place: half the gradient of the sum of squares. */
  gradient(x: Float64Array, gradient: Float64Array): void {
    for (let i = 0; i < this.#size; i++) gradient[i] = -(this.#right[i] ?? 0);
    const moved = Array.from(x.keys()).filter((j) => x[j] !== 0);
    const offsets = moved.map((j) => j * this.#size);
    const factors = moved.map((j) => x[j] ?? 0);
    addCombination(gradient, 0, this.#size, this.#gram, offsets, factors);
  }
}
