/** No processor package draws more than this: a step that would need more is no consumption but a reset of the counter. */
const IMPLAUSIBLE_WATTS = 5_000;

export type Step = 'first' | 'forward' | 'wrapped' | 'reset' | 'garbage';

/**
 * An energy counter as hardware gives it (integer units, wrapping after `range`), made monotone: joules since the first
 * value seen. Integers are kept as BigInt until the last division, so that none is lost in a double.
 */
export class EnergyCounter {
  readonly #joulesPerUnit: number;
  readonly #range: bigint | undefined;
  #last: { raw: bigint; at: number } | undefined;
  #units = 0n;

  constructor(joulesPerUnit: number, range?: bigint) {
    this.#joulesPerUnit = joulesPerUnit;
    this.#range = range;
  }

  get joules(): number {
    return Number(this.#units) * this.#joulesPerUnit;
  }

  /** Takes the value read at time `at` (seconds) and says how it was understood. Garbage changes nothing. */
  advance(raw: bigint, at: number): Step {
    if (raw < 0n || (this.#range !== undefined && raw > this.#range)) return 'garbage';
    const last = this.#last;
    this.#last = { raw, at };
    if (last === undefined) return 'first';
    if (raw >= last.raw) {
      this.#units += raw - last.raw;
      return 'forward';
    }
    if (this.#range === undefined) return 'reset';
    const step = this.#range - last.raw + raw;
    const plausible = Number(step) * this.#joulesPerUnit <= IMPLAUSIBLE_WATTS * (at - last.at);
    if (!plausible && step > this.#range / 2n) return 'reset';
    this.#units += step;
    return 'wrapped';
  }
}
