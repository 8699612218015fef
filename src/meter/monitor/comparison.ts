import type { Logger } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import { DisagreementMonitor, type WindowDisagreement } from '../compare/disagreement-monitor.js';
import type { MeterReading } from '../meter-reading.js';
import type { EnergySource } from '../source.js';
import { CrossCheck, type CrossCheckReport, powerByDomain } from './cross-check.js';
import type { NodeEnergy } from './snapshot.js';

/** Holds the sources against one another while the monitor runs: how far they are apart, how late they come. */
export class Comparison {
  readonly #disagreements: DisagreementMonitor;
  readonly #crossCheck = new CrossCheck();

  constructor(log: Logger, threshold: number) {
    this.#disagreements = new DisagreementMonitor(log, { threshold });
  }

  /** Takes what a source that is asked beside the work has answered. */
  take({ name }: EnergySource, readings: readonly EnergyReading[]): void {
    for (const [domain, sample] of powerByDomain(readings)) this.#crossCheck.record(name, domain, sample);
  }

  /** Takes a tick's figures: `energies` are those of the reading, in its order. Sources that do not answer are left out. */
  tick({ energies: figures, at }: MeterReading, energies: readonly NodeEnergy[]): void {
    for (const [index, { source, domain, joules, stale }] of figures.entries()) {
      if (stale) continue;
      const { name, provenance, uncertainty } = source;
      this.#disagreements.record({ source: name, domain, joules }, at);
      const sampling = source.instant ? 'mean' : 'instant';
      this.#crossCheck.join({ source: name, domain, provenance, uncertainty, sampling });
      const watts = energies[index]?.watts;
      if (source.instant && watts !== undefined) this.#crossCheck.record(name, domain, { at, watts });
    }
  }

  disagreements(): WindowDisagreement[] {
    return this.#disagreements.check();
  }

  crossChecks(): CrossCheckReport[] {
    return this.#crossCheck.report();
  }
}
