import type { NodeSnapshot } from '../../../meter/index.js';
import type { EnergyRate } from '../account.js';

/** Below this a tick has too little work to say what work costs. */
const LEAST_BUSY_SECONDS = 0.02;

/** What a CPU second costs, by the last tick that had work enough to tell. */
export class RateKeeper {
  #rate: EnergyRate | undefined;

  take(snapshot: NodeSnapshot): EnergyRate | undefined {
    const { watts, idleWatts = 0, busyCpus, seconds, primary, energies } = snapshot;
    if (watts === undefined || primary === undefined) {
      this.#rate = undefined;
      return undefined;
    }
    const isTold = busyCpus !== undefined && busyCpus * seconds >= LEAST_BUSY_SECONDS;
    const energy = energies.find(
      ({ source, domain }) => source === primary.source && primary.domains.includes(domain),
    );
    if (isTold && energy) {
      this.#rate = {
        joulesPerCpuSecond: Math.max(0, watts - idleWatts) / busyCpus,
        source: primary.source,
        provenance: energy.provenance,
      };
    }
    return this.#rate;
  }
}
