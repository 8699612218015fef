import { type NormalEquations, nnls } from '../../maths/index.js';

/** Solves a small least-squares problem with non-negative unknowns, given by its rows. */
export class SmallProblem {
  readonly #size: number;
  readonly #gram: Float64Array;
  readonly #right: Float64Array;
  #count = 0;

  constructor(size: number) {
    this.#size = size;
    this.#gram = new Float64Array(size * size);
    this.#right = new Float64Array(size);
  }

  add(row: readonly number[], target: number): void {
    for (let i = 0; i < this.#size; i++) {
      const value = row[i] ?? 0;
      this.#right[i] = (this.#right[i] ?? 0) + value * target;
      for (let j = 0; j < this.#size; j++) {
        const place = i * this.#size + j;
        this.#gram[place] = (this.#gram[place] ?? 0) + value * (row[j] ?? 0);
      }
    }
    this.#count++;
  }

  solve(ridge?: ArrayLike<number>, prior?: ArrayLike<number>): Float64Array {
    const equations: NormalEquations = {
      size: this.#size,
      gram: this.#gram,
      right: this.#right,
      square: 0,
      count: this.#count,
    };
    return nnls(equations, { ...(ridge && { ridge }), ...(prior && { prior }) }).x;
  }
}
