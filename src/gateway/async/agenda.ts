import type { Clock } from '../../base/index.js';

interface Entry<Item> {
  readonly at: number;
  readonly item: Item;
}

/** What is to be done later, in order of time. Times are monotonic seconds. */
export class Agenda<Item> {
  readonly #clock: Clock;
  readonly #due: (item: Item) => void;
  /** A heap: each entry is due no later than the two below it. */
  readonly #heap: Entry<Item>[] = [];
  #sleep: AbortController | undefined;
  #isClosed = false;

  constructor(clock: Clock, due: (item: Item) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  get length(): number {
    return this.#heap.length;
  }

  items(): Item[] {
    return this.#heap.map(({ item }) => item);
  }

  add(delaySeconds: number, item: Item): void {
    const entry = { at: this.#clock.now() + Math.max(0, delaySeconds), item };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    if (this.#heap[0] === entry) this.#rest();
  }

  close(): void {
    this.#isClosed = true;
    this.#sleep?.abort();
  }

  /** Sleeps until the first is due. */
  #rest(): void {
    this.#sleep?.abort();
    const [first] = this.#heap;
    if (first === undefined || this.#isClosed) return;
    const sleep = new AbortController();
    this.#sleep = sleep;
    void this.#clock.sleep(first.at - this.#clock.now(), sleep.signal).then(() => {
      if (!sleep.signal.aborted) this.#wake();
    });
  }

  #wake(): void {
    const now = this.#clock.now();
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.#removeFirst();
      this.#due(first.item);
    }
    this.#rest();
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, index)) return;
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const [a, b] = [this.#heap[left], this.#heap[left + 1]];
      if (a === undefined) return;
      const child = b !== undefined && b.at < a.at ? left + 1 : left;
      if (!this.#swapUnlessOrdered(index, child)) return;
      index = child;
    }
  }

  /** True when they had to be swapped. */
  #swapUnlessOrdered(parent: number, child: number): boolean {
    const [above, below] = [this.#heap[parent], this.#heap[child]];
    if (above === undefined || below === undefined || above.at <= below.at) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }
}
