/** Where time comes from. Everything that needs time takes a clock, so that tests can turn it by hand. */
export interface Clock {
  /** Monotonic seconds since an arbitrary start: for intervals. */
  now(): number;
  /** Seconds since 1970: for time stamps that people read. */
  wall(): number;
  /** Resolves after `seconds`, or at once when the signal aborts. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

// Split before it becomes a double, so that no nanosecond is lost after 100 days of uptime.
const startNanoseconds = process.hrtime.bigint();

/** Timers fire at once when they are asked for more than this (24 days). */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Number(process.hrtime.bigint() - startNanoseconds) / 1e9,
  wall: () => Date.now() / 1e3,
  sleep: (seconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      let left = Math.max(0, seconds) * 1e3;
      let timer: NodeJS.Timeout | undefined;
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const step = (): void => {
        const milliseconds = Math.min(left, LONGEST_TIMER_MILLISECONDS);
        left -= milliseconds;
        timer = setTimeout(left > 0 ? step : done, milliseconds);
      };
      step();
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** A clock that stands still until a test moves it; sleepers wake in order as it passes their time. */
export class ManualClock implements Clock {
  #now: number;
  readonly #epoch: number;
  #sleepers: { until: number; wake: () => void }[] = [];

  constructor(now = 0, epoch = 1_700_000_000) {
    this.#now = now;
    this.#epoch = epoch;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#epoch + this.#now;
  }

  sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted || seconds <= 0) return resolve();
      const drop = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', drop);
        resolve();
      };
      const sleeper = { until: this.#now + seconds, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', drop, { once: true });
    });
  }

  advance(seconds: number): void {
    this.#now += seconds;
    const due = this.#sleepers.filter((sleeper) => sleeper.until <= this.#now);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.until > this.#now);
    for (const sleeper of due.sort((a, b) => a.until - b.until)) sleeper.wake();
  }
}
