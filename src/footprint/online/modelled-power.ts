import type { LoadBasis } from './account-window.js';
import type { WindowLoads } from './window-loads.js';

/** What a window's work draws, as the model has it. */
export interface ModelledPower {
  readonly basis: LoadBasis;
  /** Watts by entry of the loads. */
  readonly entryWatts: Float64Array;
  /** By entry: how much less the machine would draw without it; absent where load is counted in calls, as they slow one another down. */
  readonly marginalWatts?: Float64Array;
  /** Of a tick in which someone was there all the time. */
  readonly floorWatts: number;
  /** Deviation of a tick's power from what the model says. */
  readonly deviationWatts: number;
}

export interface CallWatts {
  readonly watts: number;
  readonly standardError?: number;
}

/** Processors, where they are counted for most of what ran. */
export function basisOf({ rows, counted }: WindowLoads): LoadBasis {
  let [known, all] = [0, 0];
  for (const [p, who] of rows.column.entries()) {
    if (who >= rows.functionCount) continue;
    all += rows.seconds[p] ?? 0;
    if (counted[p] === 1) known += rows.seconds[p] ?? 0;
  }
  return known > 0 && known >= all / 2 ? 'processors' : 'calls';
}
