const FIRST_SECONDS = 0.1;
const LONGEST_SECONDS = 10;
/** After so long it is not the same trouble any more. */
const WELL_SECONDS = 60;

/** How long to wait before something that failed is tried again: twice as long each time, until it goes well for a while. */
export class Backoff {
  #seconds = FIRST_SECONDS;
  #since: number | undefined;

  goesWell(now: number): void {
    this.#since ??= now;
    if (now - this.#since >= WELL_SECONDS) this.#seconds = FIRST_SECONDS;
  }

  /** It failed: seconds to wait now. */
  next(now: number): number {
    this.goesWell(this.#since ?? now);
    this.#since = undefined;
    const seconds = this.#seconds;
    this.#seconds = Math.min(LONGEST_SECONDS, seconds * 2);
    return seconds;
  }
}
