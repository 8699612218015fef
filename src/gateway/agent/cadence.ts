import type { Clock } from '../../base/index.js';

/** Moments at even distances. Those that were missed are not made up for: the next one that is yet to come is the next. */
export class Cadence {
  readonly #clock: Clock;
  readonly #seconds: number;
  #due: number;

  /** They lie after `start`, a moment of the monotonic clock: now when not given. */
  constructor(clock: Clock, seconds: number, start = clock.now()) {
    this.#clock = clock;
    this.#seconds = seconds;
    this.#due = start;
  }

  /** Waits for the next moment, or for the signal. */
  async next(signal: AbortSignal): Promise<void> {
    const missed = Math.floor((this.#clock.now() - this.#due) / this.#seconds);
    this.#due += this.#seconds * (1 + Math.max(0, missed));
    await this.#clock.sleep(this.#due - this.#clock.now(), signal);
  }
}
