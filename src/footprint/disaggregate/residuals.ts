import { median } from '../../maths/index.js';
import type { PowerData } from './power-data.js';
import type { PowerLaw } from './power-law.js';
import { sampledWatts, stepLoads, stepWatts } from './shown-power.js';

/**
 * A law is off by about this part of the power above idle, and not at random: on a machine that is always full, residuals
 * are small and say nothing.
 */
const MISFIT = 0.03;
/** A residual beyond so many deviations counts less (Huber). */
const HUBER = 2.5;
/** Of residuals, in square watts: what a few samples fit exactly says no less of noise than this, and leaves the prior its say. */
const LEAST_VARIANCE = 1e-12;

/** How a law and weights compare with the samples. */
export interface Residuals {
  readonly load: Float64Array;
  readonly predicted: Float64Array;
  readonly residuals: Float64Array;
  readonly importance: Float64Array;
  readonly square: number;
  readonly robustSquare: number;
  readonly count: number;
  readonly variance: number;
}

export function examine(
  { watts, sampling, loads, presence }: PowerData,
  law: PowerLaw,
  weights: Float64Array,
): Residuals {
  const load = stepLoads(loads, weights);
  const predicted = sampledWatts(sampling, stepWatts(law, load, presence));
  const residuals = watts.map((value, i) => value - (predicted[i] ?? Number.NaN));
  const sizes = residuals.filter(Number.isFinite).map(Math.abs);
  // Where most residuals are nothing, as on a machine that mostly rests, the others are no outliers for that.
  const deviation = Math.max(1.4826 * (median(sizes) || 0), misfitWatts(watts, law)) || 1e-9;
  const importance = residuals.map((value) =>
    Number.isFinite(value) ? Math.min(1, (HUBER * deviation) / Math.max(Math.abs(value), 1e-300)) : 0,
  );
  let [square, robustSquare] = [0, 0];
  for (const size of sizes) {
    square += size * size;
    const limit = HUBER * deviation;
    robustSquare += size <= limit ? size * size : limit * (2 * size - limit);
  }
  const count = sizes.length;
  return {
    load,
    predicted,
    residuals,
    importance,
    square,
    robustSquare,
    count,
    variance: Math.max(LEAST_VARIANCE, robustSquare / Math.max(1, count)),
  };
}

/** By how much a law is held to be off, however small its residuals. */
export function misfitWatts(watts: Float64Array, { idleWatts }: PowerLaw): number {
  return MISFIT * usualAbove(watts, idleWatts);
}

/** The root of the mean square of power above idle. */
function usualAbove(watts: Float64Array, idleWatts: number): number {
  let [square, count] = [0, 0];
  for (const value of watts) {
    if (!Number.isFinite(value)) continue;
    square += (value - idleWatts) ** 2;
    count++;
  }
  return Math.sqrt(square / Math.max(1, count));
}
