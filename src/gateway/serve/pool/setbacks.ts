const FIRST_SECONDS = 0.5;
const MOST_SECONDS = 30;

/** How often in a row something did not come up, and how long it is left alone for that. */
export class Setbacks {
  #count = 0;
  #until = 0;
  #last: string | undefined;

  /** What went wrong last; undefined while nothing is wrong. */
  get last(): string | undefined {
    return this.#last;
  }

  /** More than once in a row: it is no accident. */
  get isLasting(): boolean {
    return this.#count > 1;
  }

  /** Seconds to wait before the next attempt: none after the first time, then twice as many each time. */
  add(message: string, now: number): number {
    this.#count++;
    const delay = this.isLasting ? Math.min(MOST_SECONDS, FIRST_SECONDS * 2 ** (this.#count - 2)) : 0;
    this.#last = message;
    this.#until = now + delay;
    return delay;
  }

  secondsLeft(now: number): number {
    return Math.max(0, this.#until - now);
  }

  forget(): void {
    this.#count = 0;
    this.#until = 0;
    this.#last = undefined;
  }
}
