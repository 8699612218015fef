import { enlarged } from '../../../maths/index.js';

const INITIAL = 256;

/**
 * Calls that run, in arrays that are used again and again: nothing is allocated for a call. Those that ran for a moment only
 * are over before anyone is told that they began.
 */
export class RunningCalls {
  readonly #slotOf = new Map<number, number>();
  #keys = new Float64Array(INITIAL);
  #starts = new Float64Array(INITIAL);
  readonly #names: string[] = [];
  /** Whether its beginning was told. */
  readonly #isTold: boolean[] = [];
  readonly #free: number[] = [];
  #used = 0;
  #untold = 0;

  get size(): number {
    return this.#slotOf.size;
  }

  /** How many run whose beginning was not told. */
  get untold(): number {
    return this.#untold;
  }

  add(key: number, name: string, startedAt: number): void {
    const known = this.#slotOf.get(key);
    const slot = known ?? this.#free.pop() ?? this.#used++;
    if (slot >= this.#keys.length) {
      this.#keys = enlarged(this.#keys, slot * 2);
      this.#starts = enlarged(this.#starts, slot * 2);
    }
    if (known === undefined || this.#isTold[slot]) this.#untold++;
    this.#keys[slot] = key;
    this.#starts[slot] = startedAt;
    this.#names[slot] = name;
    this.#isTold[slot] = false;
    this.#slotOf.set(key, slot);
  }

  delete(key: number): void {
    const slot = this.#slotOf.get(key);
    if (slot === undefined) return;
    if (!this.#isTold[slot]) this.#untold--;
    this.#slotOf.delete(key);
    this.#free.push(slot);
  }

  /** Tells of those that began and were not told of yet. */
  tell(began: (key: number, name: string, startedAt: number) => void): void {
    if (this.#untold === 0) return;
    for (const [key, slot] of this.#slotOf) {
      if (this.#isTold[slot]) continue;
      this.#isTold[slot] = true;
      began(key, this.#names[slot] ?? '', this.#starts[slot] ?? 0);
    }
    this.#untold = 0;
  }

  /** All that run, of which nobody needs to be told again. */
  list(): [key: number, name: string, startedAt: number][] {
    this.#isTold.fill(true);
    this.#untold = 0;
    return Array.from(this.#slotOf, ([key, slot]) => [key, this.#names[slot] ?? '', this.#starts[slot] ?? 0]);
  }
}
