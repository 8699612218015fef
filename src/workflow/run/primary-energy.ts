import { candidatesOf, choosePrimary } from '../../meter/index.js';
import type { Domain, EnergyShare, Provenance, SourceName } from '../../model/index.js';

/** The one figure that stands for the energy of something, of all that the methods gave. */
export interface PrimaryJoules {
  /** The share of idle included, where it is known apart. */
  readonly joules: number;
  readonly source: SourceName;
  readonly provenance: Provenance;
}

/** Chooses the source that counts once, so that all figures of a run are by the same one, and reads it from each. */
export class PrimaryEnergy {
  readonly #preference: readonly SourceName[];
  #chosen: { source: SourceName; domains: readonly Domain[] } | undefined;

  constructor(preference: readonly SourceName[]) {
    this.#preference = preference;
  }

  of(energies: readonly EnergyShare[]): PrimaryJoules | undefined {
    if (energies.length === 0) return undefined;
    this.#chosen ??= choosePrimary(candidatesOf(energies), this.#preference);
    let sum: PrimaryJoules | undefined;
    for (const { source, domain, joules, idleJoules, provenance } of energies) {
      if (source !== this.#chosen?.source || !this.#chosen.domains.includes(domain)) continue;
      sum = { joules: (sum?.joules ?? 0) + joules + (idleJoules ?? 0), source, provenance };
    }
    return sum;
  }
}
