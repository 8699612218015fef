/** A cumulative count, and for how long of the time in which it was to be counted it was. */
export interface TimedCount {
  readonly count: bigint;
  readonly enabled: bigint;
  readonly running: bigint;
}

/**
 * What would have been counted, had the event been on a counter all the time: the count stretched by enabled/running.
 * Undefined when it was never on one though it should have been: nothing is known then.
 */
export function scaled({ count, enabled, running }: TimedCount): bigint | undefined {
  if (running >= enabled) return count;
  if (running === 0n) return undefined;
  return (count * enabled + running / 2n) / running;
}

/**
 * Scales step by step, each by its own ratio. Scaling the total instead goes backwards when the ratio changes. A step in
 * which the event was on no counter waits for the next in which it is.
 */
export class ScaledCounter {
  #count = 0n;
  #enabled = 0n;
  #running = 0n;
  #total = 0n;
  #waiting = false;

  /** Undefined while there was something to count and the event has not yet been on a counter at all. */
  get total(): bigint | undefined {
    return this.#waiting && this.#running === 0n ? undefined : this.#total;
  }

  advance({ count, enabled, running }: TimedCount): void {
    const step = {
      count: count - this.#count,
      enabled: enabled - this.#enabled,
      running: running - this.#running,
    };
    if (step.count < 0n || step.enabled < 0n || step.running < 0n) return;
    const counted = scaled(step);
    this.#waiting = counted === undefined;
    if (counted === undefined) return;
    this.#total += counted;
    this.#count = count;
    this.#enabled = enabled;
    this.#running = running;
  }
}
