import type { OnlinePowers } from './online.js';

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
}
