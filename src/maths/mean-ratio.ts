import { spreadOf } from './spread.js';
import { tQuantile } from './student-t.js';
import { welchDegrees } from './welch.js';

export interface MeanRatio {
  /** The second mean over the first. */
  readonly value: number;
  /** Its interval. Neither end is ever below 0. */
  readonly low: number;
  readonly high: number;
}

/**
 * The ratio of the means of two samples of amounts, with its interval on the scale of logarithms, where ratios are even: twice
 * and half lie equally far from 1. Undefined where a sample has fewer than two values or a mean that is not positive.
 */
export function meanRatio(
  first: readonly number[],
  second: readonly number[],
  confidence = 0.95,
): MeanRatio | undefined {
  const [a, b] = [spreadOf(first), spreadOf(second)];
  if (a === undefined || b === undefined || !(a.mean > 0 && b.mean > 0)) return undefined;
  const value = b.mean / a.mean;
  const [errorA, errorB] = [a.variance / a.mean ** 2 / a.count, b.variance / b.mean ** 2 / b.count];
  if (errorA + errorB === 0) return { value, low: value, high: value };
  const degrees = welchDegrees(errorA, a.count, errorB, b.count);
  const reach = tQuantile((1 + confidence) / 2, degrees) * Math.sqrt(errorA + errorB);
  return { value, low: value * Math.exp(-reach), high: value * Math.exp(reach) };
}
