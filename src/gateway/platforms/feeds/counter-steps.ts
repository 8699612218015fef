import type { TimedSample } from '../../../meter/index.js';

/** How much a counter grew since it was last read. */
export interface CounterStep {
  readonly sample: TimedSample;
  readonly growth: number;
}

/** Series that were not seen for so many readings are forgotten. */
const FORGOTTEN_AFTER = 100;

/**
 * What counters grew by, reading by reading. The first reading only sets the start; a series that appears later began at 0
 * since, and one that fell began anew.
 */
export class CounterSteps {
  readonly #last = new Map<string, { value: number; reading: number }>();
  #reading = 0;

  take(samples: readonly TimedSample[]): CounterStep[] {
    const isFirst = this.#reading++ === 0;
    const steps: CounterStep[] = [];
    for (const sample of samples) {
      if (!Number.isFinite(sample.value)) continue;
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      const before = this.#last.get(key)?.value ?? (isFirst ? sample.value : 0);
      const growth = sample.value >= before ? sample.value - before : sample.value;
      this.#last.set(key, { value: sample.value, reading: this.#reading });
      if (growth > 0) steps.push({ sample, growth });
    }
    for (const [key, { reading }] of this.#last) {
      if (this.#reading - reading > FORGOTTEN_AFTER) this.#last.delete(key);
    }
    return steps;
  }
}
