import { LogHistogram } from '../../maths/index.js';

/** How a load goes just now. */
export interface LoadProgress {
  /** The part of the whole time that is over, warm-up and all. */
  readonly part: number;
  readonly elapsedSeconds: number;
  readonly isWarmingUp: boolean;
  readonly inFlight: number;
  /** Done calls a second, since the last look. */
  readonly perSecond: number;
  /** Of the same time; undefined when no call was done. */
  readonly p99Seconds: number | undefined;
  /** Failed calls so far, measured or not. */
  readonly failed: number;
}

/** Counts from one look to the next. */
export class RecentCalls {
  readonly #latency = new LogHistogram();
  #since = 0;
  #failed = 0;

  ended(done: boolean, latencySeconds: number): void {
    if (done) this.#latency.record(latencySeconds);
    else this.#failed++;
  }

  look(now: number): Pick<LoadProgress, 'perSecond' | 'p99Seconds' | 'failed'> {
    const seconds = now - this.#since;
    const perSecond = seconds > 0 ? this.#latency.count / seconds : 0;
    const p99Seconds = this.#latency.quantile(0.99);
    this.#latency.clear();
    this.#since = now;
    return { perSecond, p99Seconds, failed: this.#failed };
  }
}
