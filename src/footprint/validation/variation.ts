import { moments } from '../../maths/index.js';
import { absent, type Figure, finite } from './figure.js';

/** Standard deviation over mean; NaN values are left out. */
export function coefficientOfVariation(values: ArrayLike<number>): Figure {
  const { count, mean, deviation } = moments(values);
  if (count < 2) return absent('fewer than two values');
  if (!(mean > 0)) return absent('the mean is not above 0');
  return finite(deviation / mean, 'a value is not finite');
}

/** What the figures of one function scatter by. */
export interface FunctionScatter {
  readonly name: string;
  /** Mean energy of an invocation in each window; NaN for a window in which it did not run. */
  readonly windowJoules: ArrayLike<number>;
  /** Standard deviation of the latency of its invocations. */
  readonly latencyDeviationSeconds: number;
}

/**
 * How much a function's energy per invocation changes over time, against how much its latency does: as published for
 * FaasMeter, σ(J) / σ(T) per function, where J is its mean energy per invocation window by window and T the latencies of
 * its invocations, and of that the mean over functions. (A ratio of standard deviations, in watts, whatever its name says:
 * where energy changes only as latency does, it is the function's power. Energy that jumps about while latency does not makes it large.)
 */
export function latencyNormalizedVariance(functions: readonly FunctionScatter[]): Figure {
  const ratios = functions
    .map((scatter) => moments(scatter.windowJoules).deviation / scatter.latencyDeviationSeconds)
    .filter(Number.isFinite);
  if (ratios.length === 0)
    return absent('no function ran in two windows with latencies that differ from one another');
  return finite(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length, 'a value is not finite');
}
