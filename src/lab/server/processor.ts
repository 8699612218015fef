import { EventHeap } from './event-heap.js';
import type { Activity, PowerState } from './power-state.js';
import { MEMORY_LEVELS } from './profile.js';
import type { ProgressClock } from './progress-clock.js';

/**
 * Threads that share the cores. All threads that are equally bound to memory do work at the same rate, so each of these groups
 * needs one clock: a thread ends when the clock shows what it showed at the start plus the thread's work, whoever else comes or
 * goes. So an event costs the logarithm of how many run.
 */
export class Processor {
  readonly #ends = MEMORY_LEVELS.map(() => new EventHeap());
  readonly #activity: Activity;
  /** The group whose thread ends first. */
  #first = 0;

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  start(
    slot: number,
    work: number,
    threads: number,
    level: number,
    power: number,
    clock: ProgressClock,
  ): void {
    this.#ends[level]?.push((clock.work[level] ?? 0) + work / threads, slot);
    this.#count(threads, level, power);
  }

  end(threads: number, level: number, power: number): void {
    this.#count(-threads, level, power);
  }

  /** When the next thread ends. */
  nextEnd(clock: ProgressClock, state: PowerState): number {
    let least = Number.POSITIVE_INFINITY;
    for (let level = 0; level < MEMORY_LEVELS.length; level++) {
      const end = this.#ends[level]?.nextKey ?? Number.POSITIVE_INFINITY;
      if (end === Number.POSITIVE_INFINITY) continue;
      const seconds = (end - (clock.work[level] ?? 0)) / (state.workRate[level] ?? 0);
      if (seconds >= least) continue;
      least = seconds;
      this.#first = level;
    }
    return clock.time + Math.max(0, least);
  }

  /** Takes the thread that `nextEnd` spoke of; its clock is set to the end, which rounding may have missed by a hair. */
  take(clock: ProgressClock): number {
    const ends = this.#ends[this.#first];
    if (ends === undefined) return 0;
    clock.work[this.#first] = ends.nextKey;
    return ends.pop();
  }

  #count(threads: number, level: number, power: number): void {
    const activity = this.#activity;
    activity.threads[level] = (activity.threads[level] ?? 0) + threads;
    const weighted = (activity.weighted[level] ?? 0) + threads * power;
    // What is left of a sum of fractions when the last has gone is rounding.
    activity.weighted[level] = activity.threads[level] === 0 ? 0 : weighted;
  }
}
