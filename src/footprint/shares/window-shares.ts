import type { Activity } from './activity.js';
import { CompensatedSums, compensatedSum } from './compensated-sum.js';

/** For each entry of the activity its part of what its window shares; the parts of a window make up 1. */
export type WindowWeights = Float64Array;

/** Every function that was active in the window has the same part. */
export function evenWeights(activity: Activity): WindowWeights {
  return weightsOf(activity, () => 1);
}

/** In proportion to invocations. Where functions ran on but none was invoked, what ran was kept running for them alike. */
export function invocationWeights(activity: Activity): WindowWeights {
  return weightsOf(activity, (entry) => activity.invocations[entry] ?? 0);
}

function weightsOf({ windows, windowStart }: Activity, weigh: (entry: number) => number): WindowWeights {
  const weights = new Float64Array(windowStart[windows] ?? 0);
  for (let window = 0; window < windows; window++) {
    const [from, to] = [windowStart[window] ?? 0, windowStart[window + 1] ?? 0];
    let total = 0;
    for (let entry = from; entry < to; entry++) total += weigh(entry);
    for (let entry = from; entry < to; entry++)
      weights[entry] = total > 0 ? weigh(entry) / total : 1 / (to - from);
  }
  return weights;
}

/** Something shared within windows: joules or grams. */
export interface WindowShares {
  readonly byFunction: Float64Array;
  /** By tick: what no function was there for in the whole window. */
  readonly ownerless: Float64Array;
}

/** Shares what each tick has among those active in its window. */
export function shareInWindows(
  activity: Activity,
  weights: WindowWeights,
  functionCount: number,
  ticks: Float64Array,
): WindowShares {
  const shares = new CompensatedSums(functionCount);
  const ownerless = new Float64Array(ticks.length);
  const { ticksPerWindow, windows, windowStart, functionIndex } = activity;
  for (let window = 0; window < windows; window++) {
    const [from, to] = [windowStart[window] ?? 0, windowStart[window + 1] ?? 0];
    const within = ticks.subarray(window * ticksPerWindow, (window + 1) * ticksPerWindow);
    if (from === to) ownerless.set(within, window * ticksPerWindow);
    const total = compensatedSum(within);
    for (let entry = from; entry < to; entry++)
      shares.add(functionIndex[entry] ?? 0, total * (weights[entry] ?? 0));
  }
  return { byFunction: shares.values(), ownerless };
}
