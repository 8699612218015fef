import type { OnlinePowers } from './online.js';

/** Standard errors that a power is held to be too large by, where it must be fairly sure. */
const DOUBT = 0.5;

/** Powers by the names that they are followed under. */
export class FollowedPowers {
  readonly #slotOf: ReadonlyMap<string, number>;
  readonly #powers: OnlinePowers;

  constructor(powers: OnlinePowers) {
    this.#powers = powers;
    this.#slotOf = new Map(powers.functions.map((name, slot) => [name, slot]));
  }

  /** Of what nobody knows yet, nothing. */
  watts(name: string): number {
    return this.#powers.watts[this.#slotOf.get(name) ?? -1] ?? 0;
  }

  /** Compared with the usual, which is what nobody knows yet is taken for. */
  relative(name: string): number {
    return this.#powers.watts[this.#slotOf.get(name) ?? -1] ?? 1;
  }

  /** As much of it as is fairly sure. */
  sureWatts(name: string): number {
    const slot = this.#slotOf.get(name) ?? -1;
    const doubt = DOUBT * (this.#powers.standardErrors?.[slot] ?? 0);
    return Math.max(0, (this.#powers.watts[slot] ?? 0) - doubt);
  }
}
