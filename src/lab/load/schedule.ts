import type { Random } from '../../maths/index.js';
import { arrivalTimes } from '../server/arrivals.js';
import { EventHeap } from '../server/event-heap.js';
import type { LoadTarget } from './load-plan.js';

/** Calls in the order in which they are due. Nothing in it knows how earlier calls went. */
export interface Schedule {
  /** Seconds after the start at which the next call is due; Infinity when there is none. */
  readonly at: number;
  /** Which target it is for. */
  readonly target: number;
  /** Goes on to the call after. */
  advance(): void;
}

/** Arrivals of all open targets, each with chance of its own, so that one more leaves the others as they were. */
export class OpenSchedule implements Schedule {
  readonly #next: (() => number)[] = [];
  readonly #heap = new EventHeap();
  readonly #until: number;
  at = Number.POSITIVE_INFINITY;
  target = 0;

  constructor(targets: readonly LoadTarget[], random: Random, untilSeconds: number) {
    this.#until = untilSeconds;
    for (const [index, { name, pattern }] of targets.entries()) {
      if (pattern.kind !== 'open') continue;
      const next = arrivalTimes(pattern.arrivals, random.fork(name), 0);
      this.#next[index] = next;
      this.#push(index, next());
    }
    this.#settle();
  }

  advance(): void {
    const index = this.#heap.pop();
    this.#push(index, this.#next[index]?.() ?? Number.POSITIVE_INFINITY);
    this.#settle();
  }

  #push(index: number, at: number): void {
    if (at < this.#until) this.#heap.push(at, index);
  }

  #settle(): void {
    this.at = this.#heap.nextKey;
    this.target = this.#heap.nextValue;
  }
}
