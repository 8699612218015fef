/** Calls back after so many seconds, unless what is returned is called before. */
export type SetTimer = (seconds: number, ring: () => void) => () => void;

const MILLISECONDS = 1_000;
/** Timers fire at once when they are asked for more than this. */
const LONGEST_SECONDS = 1e6;

export const systemTimer: SetTimer = (seconds, ring) => {
  const timer = setTimeout(ring, Math.min(seconds, LONGEST_SECONDS) * MILLISECONDS);
  timer.unref();
  return () => clearTimeout(timer);
};

/** Rings when the first deadline has come, or somewhat before: whoever hears it sets it again for what is left. */
export class Alarm {
  readonly #setTimer: SetTimer;
  readonly #ring: () => void;
  #at = Number.POSITIVE_INFINITY;
  #clear: (() => void) | undefined;

  constructor(setTimer: SetTimer, ring: () => void) {
    this.#setTimer = setTimer;
    this.#ring = ring;
  }

  /** An alarm that is set for an earlier moment stays: ringing in vain now and then costs less than setting it each time. */
  set(at: number, now: number): void {
    if (at >= this.#at) return;
    this.#clear?.();
    this.#at = at;
    this.#clear = this.#setTimer(Math.max(0, at - now), () => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#clear = undefined;
      this.#ring();
    });
  }

  clear(): void {
    this.#clear?.();
    this.#clear = undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }
}
