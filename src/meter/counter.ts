/** No machine that is read by one counter draws more than this for longer than a moment… */
const IMPLAUSIBLE_WATTS = 5_000;
/** …and this much is let through at once, as the time of a reading and that of the counter's last update differ. */
const ALLOWANCE_JOULES = 10_000;

/**
 * How a value was understood. `doubtful`: no consumption explains it; it is set aside until the next value shows whether it
 * was garbage or the counter began anew (`reset`). `garbage`: outside the counter's own range.
 */
export type Step = 'first' | 'forward' | 'wrapped' | 'doubtful' | 'reset' | 'garbage';

/** What a source logs of a value that was not taken as it is. */
export const STEP_TROUBLE: Readonly<Partial<Record<Step, string>>> = {
  doubtful: 'counter jumped further than any consumption: set aside',
  reset: 'counter began anew',
  garbage: 'counter beyond its range',
};

interface Seen {
  readonly raw: bigint;
  readonly at: number;
}

/**
 * An energy counter as hardware gives it (integer units, wrapping after `range`), made monotone: joules since the first
 * value seen. Integers are kept as BigInt until the last division, so that none is lost in a double.
 */
export class EnergyCounter {
  readonly #joulesPerUnit: number;
  readonly #range: bigint | undefined;
  readonly #allowanceJoules: number;
  /** The value as it last changed. */
  #last: Seen | undefined;
  /** A value that did not fit, and may be where the counter began anew. */
  #doubtful: Seen | undefined;
  #units = 0n;

  /** `allowanceJoules` must be more than the steps in which a coarse counter moves. */
  constructor(joulesPerUnit: number, range?: bigint, allowanceJoules: number = ALLOWANCE_JOULES) {
    this.#joulesPerUnit = joulesPerUnit;
    this.#range = range;
    this.#allowanceJoules = allowanceJoules;
  }

  get joules(): number {
    return Number(this.#units) * this.#joulesPerUnit;
  }

  /** Takes the value read at time `at` (seconds) and says how it was understood. What does not fit changes nothing. */
  advance(raw: bigint, at: number): Step {
    if (raw < 0n || (this.#range !== undefined && raw > this.#range)) return 'garbage';
    const now = { raw, at };
    if (this.#last === undefined) {
      this.#last = now;
      return 'first';
    }
    const step = this.#plausible(this.#last, now);
    if (step !== undefined) return this.#take(now, step, raw >= this.#last.raw ? 'forward' : 'wrapped');
    const again = this.#doubtful && this.#plausible(this.#doubtful, now);
    if (again !== undefined) return this.#take(now, again, 'reset');
    this.#doubtful = now;
    return 'doubtful';
  }

  #take(now: Seen, units: bigint, step: Step): Step {
    this.#units += units;
    // A counter that stands still for a while may move by that while's consumption at once.
    if (units > 0n || step === 'reset') this.#last = now;
    this.#doubtful = undefined;
    return step;
  }

  /** Units from one value to a later one, across a wrap if need be; undefined when no consumption explains them. */
  #plausible(from: Seen, to: Seen): bigint | undefined {
    const ahead = to.raw - from.raw;
    const units = ahead >= 0n ? ahead : this.#range === undefined ? undefined : this.#range + ahead;
    if (units === undefined) return undefined;
    const limit = IMPLAUSIBLE_WATTS * Math.max(0, to.at - from.at) + this.#allowanceJoules;
    return Number(units) * this.#joulesPerUnit <= limit ? units : undefined;
  }
}
