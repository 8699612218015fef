import type { Clock } from '../../base/index.js';
import { monotonicSeconds } from '../monotonic.js';

/** How far the wall clock may be from where it was expected before it is believed to have been set. */
const TOLERANCE_SECONDS = 0.05;

/** Monotonic times as seconds since 1970, so that times of client and workers are in order and differences are kept. */
export class EpochClock {
  readonly #clock: Clock;
  #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.wall() - monotonicSeconds();
  }

  epoch(monotonic: number): number {
    return this.#offset + monotonic;
  }

  /** Follows a wall clock that was set, or a machine that slept. */
  adjust(): void {
    const offset = this.#clock.wall() - monotonicSeconds();
    if (Math.abs(offset - this.#offset) > TOLERANCE_SECONDS) this.#offset = offset;
  }
}
