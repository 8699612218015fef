import { enlarged } from '../../maths/index.js';

/** What happens next: numbers (slots, functions) in order of their keys (times). */
export class EventHeap {
  #keys = new Float64Array(64);
  #values = new Uint32Array(64);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Infinity when nothing is to come. */
  get nextKey(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#keys[0] ?? 0);
  }

  /** The value that `pop` would give; 0 when there is none. */
  get nextValue(): number {
    return this.#size === 0 ? 0 : (this.#values[0] ?? 0);
  }

  push(key: number, value: number): void {
    if (this.#size === this.#keys.length) this.#grow();
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#keys[parent] ?? 0) <= key) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#keys[at] = key;
    this.#values[at] = value;
  }

  /** Takes the value with the least key out. */
  pop(): number {
    const first = this.#values[0] ?? 0;
    const size = --this.#size;
    const key = this.#keys[size] ?? 0;
    const value = this.#values[size] ?? 0;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (this.#keys[child + 1] ?? 0) < (this.#keys[child] ?? 0)) child++;
      if (key <= (this.#keys[child] ?? 0)) break;
      this.#move(child, at);
      at = child;
    }
    this.#keys[at] = key;
    this.#values[at] = value;
    return first;
  }

  #move(from: number, to: number): void {
    this.#keys[to] = this.#keys[from] ?? 0;
    this.#values[to] = this.#values[from] ?? 0;
  }

  #grow(): void {
    this.#keys = enlarged(this.#keys, 2 * this.#size);
    this.#values = enlarged(this.#values, 2 * this.#size);
  }
}
