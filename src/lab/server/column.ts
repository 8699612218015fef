import { enlarged } from '../../maths/index.js';

/** A column of figures that grows as a run goes on. */
export class Column {
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#values = enlarged(this.#values, 2 * this.#length);
    this.#values[this.#length++] = value;
  }

  /** The column as it stands: a copy of its own size. */
  toArray(): Float64Array {
    return this.#values.slice(0, this.#length);
  }
}
