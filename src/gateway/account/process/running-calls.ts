import { enlarged } from '../../../maths/index.js';

const INITIAL = 256;

/** Calls that run, in arrays that are used again and again: nothing is allocated for a call. */
export class RunningCalls {
  readonly #slotOf = new Map<number, number>();
  #keys = new Float64Array(INITIAL);
  #starts = new Float64Array(INITIAL);
  readonly #names: string[] = [];
  readonly #free: number[] = [];
  #used = 0;

  get size(): number {
    return this.#slotOf.size;
  }

  add(key: number, name: string, startedAt: number): void {
    const slot = this.#slotOf.get(key) ?? this.#free.pop() ?? this.#used++;
    if (slot >= this.#keys.length) {
      this.#keys = enlarged(this.#keys, slot * 2);
      this.#starts = enlarged(this.#starts, slot * 2);
    }
    this.#keys[slot] = key;
    this.#starts[slot] = startedAt;
    this.#names[slot] = name;
    this.#slotOf.set(key, slot);
  }

  delete(key: number): void {
    const slot = this.#slotOf.get(key);
    if (slot === undefined) return;
    this.#slotOf.delete(key);
    this.#free.push(slot);
  }

  list(): [key: number, name: string, startedAt: number][] {
    return Array.from(this.#slotOf, ([key, slot]) => [key, this.#names[slot] ?? '', this.#starts[slot] ?? 0]);
  }
}
