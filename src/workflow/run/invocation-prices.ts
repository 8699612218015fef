import type { Invocation, Settings } from '../../model/index.js';
import { invocationCarbonGrams } from '../estimate/invocation-carbon.js';
import { invocationCostUsd } from '../estimate/invocation-cost.js';
import { PrimaryEnergy } from './primary-energy.js';
import type { InvocationPrice } from './stage-tally.js';

/** What invocations cost, all by the same source of energy, the same grid and the same price table. */
export class InvocationPrices {
  readonly #settings: Settings;
  readonly #energy: PrimaryEnergy;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#energy = new PrimaryEnergy(settings.meter.primary);
  }

  of({ energies, wallSeconds, configuration, platform }: Invocation): InvocationPrice {
    const { carbon, workflow } = this.#settings;
    const { cpu, memoryMib } = configuration;
    const energy = this.#energy.of(energies);
    const coresLogical = platform?.cpu.coresLogical;
    return {
      energy,
      carbonGrams:
        energy && invocationCarbonGrams({ joules: energy.joules, wallSeconds, cpu, coresLogical }, carbon),
      costUsd: invocationCostUsd({ cpu, memoryMib, wallSeconds }, workflow),
    };
  }
}
