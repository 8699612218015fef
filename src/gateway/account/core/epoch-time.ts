import type { Clock } from '../../../base/index.js';

/** How far the wall clock may be from where it was expected before it is believed to have been set. */
const TOLERANCE_SECONDS = 0.25;

/** Monotonic time as seconds since 1970: a clock that is set moves it only when `adjust` is asked. */
export class EpochTime {
  readonly #clock: Clock;
  #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.wall() - clock.now();
  }

  now(): number {
    return this.#clock.now() + this.#offset;
  }

  /** By how many seconds the wall clock was set since the last time, or the machine slept; 0 as a rule. */
  adjust(): number {
    const offset = this.#clock.wall() - this.#clock.now();
    const by = offset - this.#offset;
    if (Math.abs(by) <= TOLERANCE_SECONDS) return 0;
    this.#offset = offset;
    return by;
  }
}
