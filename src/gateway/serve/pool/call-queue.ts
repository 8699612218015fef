import type { Waiter, Waiting } from './seat.js';

/** Holes at the front beyond which the array is made anew. */
const MOST_HOLES = 1024;

/** Calls that wait for a replica, in the order in which they came. All have the same patience, so the first is the first to lose it. */
export class CallQueue {
  /** Of those that come from now on. */
  patienceSeconds: number;
  #items: Waiting[] = [];
  #head = 0;
  #length = 0;

  constructor(patienceSeconds: number) {
    this.patienceSeconds = patienceSeconds;
  }

  get length(): number {
    return this.#length;
  }

  push(waiter: Waiter, now: number): Waiting {
    const waiting = { waiter, since: now, deadline: now + this.patienceSeconds, isGone: false };
    this.#items.push(waiting);
    this.#length++;
    return waiting;
  }

  /** The one that waits longest; undefined when nobody does. */
  get first(): Waiting | undefined {
    for (let one = this.#items[this.#head]; one !== undefined; one = this.#items[++this.#head])
      if (!one.isGone) return one;
    this.#items = [];
    this.#head = 0;
    return undefined;
  }

  shift(): Waiting | undefined {
    const first = this.first;
    if (first !== undefined) this.remove(first);
    return first;
  }

  remove(waiting: Waiting): void {
    if (waiting.isGone) return;
    waiting.isGone = true;
    this.#length--;
    if (this.#head > MOST_HOLES) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }
}
