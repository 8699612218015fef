import type { NodeSnapshot } from '../../../meter/index.js';
import { SYSTEM_KEY } from '../observe/principals.js';
import type { MachineAmounts } from './machine-tick.js';

/** What one tick of the monitor adds to the account. */
export interface SnapshotAmounts {
  readonly amounts: MachineAmounts;
  /** Joules that became known now and were drawn before this tick, while no source answered. */
  readonly lateJoules: number;
}

/** Differences of what the monitor sums up. */
export class SnapshotReader {
  #joules: number | undefined;

  read(snapshot: NodeSnapshot): SnapshotAmounts {
    const { watts, idleWatts, seconds, totals, busyCpus, shares } = snapshot;
    const drawn = totals === undefined ? undefined : totals.joules - (this.#joules ?? 0);
    if (totals !== undefined) this.#joules = totals.joules;
    const cpuSeconds = new Map<string, number>();
    for (const { principal, cpus } of shares) if (cpus > 0) cpuSeconds.set(principal.key, cpus * seconds);
    if (busyCpus !== undefined) cpuSeconds.set(SYSTEM_KEY, busyCpus * seconds);
    const joules = watts === undefined || drawn === undefined ? undefined : Math.min(drawn, watts * seconds);
    const cpuWatts = processorWatts(snapshot);
    return {
      amounts: {
        joules,
        idleJoules: joules === undefined || idleWatts === undefined ? undefined : idleWatts * seconds,
        cpuJoules: cpuWatts === undefined ? undefined : cpuWatts * seconds,
        cpuSeconds,
      },
      lateJoules: joules === undefined || drawn === undefined ? 0 : Math.max(0, drawn - joules),
    };
  }
}

/** Of several sources that tell the processor's power, the one that is shared out, else the first. */
function processorWatts({ energies, primary }: NodeSnapshot): number | undefined {
  const told = energies.filter(({ domain, watts }) => domain === 'package' && watts !== undefined);
  return (told.find(({ source }) => source === primary?.source) ?? told[0])?.watts;
}
