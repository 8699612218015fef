import type { ProgressClock } from './progress-clock.js';

/** Threads that are alike (of one function, or of the control plane), and what they got from the processor so far. */
export class CpuLane {
  readonly #level: number;
  readonly #corePower: number;
  #threads = 0;
  cpuSeconds = 0;
  gigacycles = 0;
  /** In core-seconds at the nominal frequency. */
  work = 0;
  joules = 0;
  #cpuSecondsMark = 0;
  #gigacyclesMark = 0;
  #workMark = 0;
  #joulesMark = 0;

  constructor(level: number, corePower: number) {
    this.#level = level;
    this.#corePower = corePower;
  }

  get threads(): number {
    return this.#threads;
  }

  /** Threads come or, below 0, go. */
  add(threads: number, clock: ProgressClock): void {
    this.settle(clock);
    this.#threads += threads;
  }

  settle(clock: ProgressClock): void {
    const work = clock.work[this.#level] ?? 0;
    const joules =
      this.#corePower * (clock.coreJoules[this.#level] ?? 0) + (clock.sharedJoules[this.#level] ?? 0);
    if (this.#threads > 0) {
      this.cpuSeconds += this.#threads * (clock.cpuSeconds - this.#cpuSecondsMark);
      this.gigacycles += this.#threads * (clock.gigacycles - this.#gigacyclesMark);
      this.work += this.#threads * (work - this.#workMark);
      this.joules += this.#threads * (joules - this.#joulesMark);
    }
    this.#cpuSecondsMark = clock.cpuSeconds;
    this.#gigacyclesMark = clock.gigacycles;
    this.#workMark = work;
    this.#joulesMark = joules;
  }
}
