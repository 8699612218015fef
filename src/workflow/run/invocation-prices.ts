import type { Invocation, Settings } from '../../model/index.js';
import { PrimaryEnergy } from './primary-energy.js';
import type { InvocationPrice } from './stage-tally.js';

/** What invocations cost, all by the same source of energy, the same grid and the same price table. */
export class InvocationPrices {
  readonly #energy: PrimaryEnergy;

  constructor(settings: Settings) {
    this.#energy = new PrimaryEnergy(settings.meter.primary);
  }

  of(invocation: Invocation): InvocationPrice {
    const energy = this.#energy.of(invocation.energies);
    return { energy, carbonGrams: undefined, costUsd: undefined };
  }
}
