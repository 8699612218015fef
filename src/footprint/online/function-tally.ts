import { type CallTally, emptyTally } from './call-memory.js';
import type { WindowEnergies } from './window-energies.js';
import type { WindowLoads } from './window-loads.js';

export interface WindowTally extends CallTally {
  /** Entries of ticks of which the processor seconds are not known. */
  uncounted: number;
  /** Joules that the machine would have drawn less without it; NaN where that can't be told. */
  marginalJoules: number;
}

export const nothingDone = (): WindowTally => ({ ...emptyTally(), uncounted: 1, marginalJoules: 0 });

/** What each function did in a window, by column: of those that ran or used the processor, in order. */
export function tallyFunctions(
  { rows, load, measured }: WindowLoads,
  { measuredJoules }: WindowEnergies,
  entryJoules: Float64Array,
  marginalWatts: Float64Array | undefined,
): Map<number, WindowTally> {
  const tallies = new Map<number, WindowTally>();
  for (let tick = 0; tick < rows.count; tick++)
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++) {
      const who = rows.column[p] ?? 0;
      if (who >= rows.functionCount) continue;
      let tally = tallies.get(who);
      if (tally === undefined) {
        tally = { ...nothingDone(), uncounted: 0 };
        tallies.set(who, tally);
      }
      const seconds = rows.seconds[p] ?? 0;
      tally.activations += rows.activations[p] ?? 0;
      tally.seconds += seconds;
      if (measured[p] === 1) {
        tally.countedSeconds += seconds;
        tally.cpuSeconds += (load[p] ?? 0) * rows.tickSeconds;
      } else tally.uncounted++;
      if (!Number.isNaN(measuredJoules[tick])) {
        tally.measuredSeconds += seconds;
        tally.joules += entryJoules[p] ?? 0;
        tally.marginalJoules += (marginalWatts?.[p] ?? Number.NaN) * rows.tickSeconds;
      }
    }
  return new Map(Array.from(tallies).sort(([a], [b]) => a - b));
}
