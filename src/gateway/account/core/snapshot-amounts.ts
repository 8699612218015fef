import type { NodeSnapshot } from '../../../meter/index.js';
import { SYSTEM_KEY } from '../observe/principals.js';
import type { MachineAmounts } from './machine-tick.js';

/** What one tick of the monitor adds to the account. */
export interface SnapshotAmounts {
  readonly amounts: MachineAmounts;
  /** Joules that became known now and were drawn before this tick, while no source answered. */
  readonly lateJoules: number;
}

/** Power times time is energy, to this part. */
const ROUNDING = 1e-6;

/** Differences of what the monitor sums up. */
export class SnapshotReader {
  #joules: number | undefined;

  read(snapshot: NodeSnapshot): SnapshotAmounts {
    const { watts, idleWatts, seconds, totals, busyCpus, shares } = snapshot;
    const drawn = totals === undefined ? undefined : totals.joules - (this.#joules ?? 0);
    if (totals !== undefined) this.#joules = totals.joules;
    const cpuSeconds = new Map<string, number>();
    // Of functions nothing is said where there is nothing; whoever works for all of them is always said.
    for (const { principal, cpus } of shares) {
      if (cpus > 0 || principal.kind !== 'function') cpuSeconds.set(principal.key, cpus * seconds);
    }
    if (busyCpus !== undefined) cpuSeconds.set(SYSTEM_KEY, busyCpus * seconds);
    const isKnown = watts !== undefined && drawn !== undefined;
    // A source that was away brings what it counted meanwhile: that is of earlier ticks, which have closed without it.
    const isOfMore = isKnown && drawn > watts * seconds * (1 + ROUNDING);
    const joules = isKnown ? (isOfMore ? watts * seconds : drawn) : undefined;
    const cpuWatts = processorWatts(snapshot);
    return {
      amounts: {
        joules,
        strayJoules: 0,
        idleJoules: joules === undefined || idleWatts === undefined ? undefined : idleWatts * seconds,
        cpuJoules: cpuWatts === undefined ? undefined : cpuWatts * seconds,
        cpuSeconds,
      },
      lateJoules: isOfMore && joules !== undefined ? drawn - joules : 0,
    };
  }
}

/** Of several sources that tell the processor's power, the one that is shared out, else the first. */
function processorWatts({ energies, primary }: NodeSnapshot): number | undefined {
  const told = energies.filter(({ domain, watts }) => domain === 'package' && watts !== undefined);
  return (told.find(({ source }) => source === primary?.source) ?? told[0])?.watts;
}
