import { logGamma } from './log-gamma.js';
import { noncentralTCdf } from './noncentral-t.js';
import { firstReach, rootBetween } from './root.js';
import { spreadOf } from './spread.js';

export interface EffectSize {
  /** Cohen's d: the second mean less the first, in pooled deviations. */
  readonly cohensD: number;
  /** d without the excess that it has in small samples (Hedges). */
  readonly hedgesG: number;
  /** The 95 % interval of `hedgesG`; absent where the effect is beyond all measure. */
  readonly low?: number;
  readonly high?: number;
}

/** Beyond this a noncentral t would be summed over millions of terms, to tell a huge effect from a huge one. */
const MOST_T = 5000;

/** The noncentrality under which a t as seen, or a larger one, has the chance `p`. */
function noncentrality(t: number, degreesOfFreedom: number, p: number): number {
  const short = (shift: number): number => 1 - noncentralTCdf(t, degreesOfFreedom, shift) - p;
  const up = firstReach((by) => short(t + by), 1, 1e6) ?? 1e6;
  const down = firstReach((by) => -short(t - by), 1, 1e6) ?? 1e6;
  return rootBetween(short, t - down, t + up);
}

/** What Cohen's d is in large samples, as a part of what it is on average with so many degrees of freedom. */
export function hedgesCorrection(degreesOfFreedom: number): number {
  if (degreesOfFreedom <= 1) return 0;
  const half = degreesOfFreedom / 2;
  return Math.exp(logGamma(half) - logGamma(half - 0.5)) / Math.sqrt(half);
}

/**
 * How far two samples lie apart against their own spread, with the interval from the noncentral t. Undefined where a sample
 * has fewer than two values, or neither any spread.
 */
export function effectSize(first: readonly number[], second: readonly number[]): EffectSize | undefined {
  const [a, b] = [spreadOf(first), spreadOf(second)];
  if (a === undefined || b === undefined) return undefined;
  const degrees = a.count + b.count - 2;
  const pooled = Math.sqrt(((a.count - 1) * a.variance + (b.count - 1) * b.variance) / degrees);
  if (pooled === 0) return undefined;
  const cohensD = (b.mean - a.mean) / pooled;
  const correction = hedgesCorrection(degrees);
  const hedgesG = cohensD * correction;
  // t = d · √(nm / (n + m)): an interval for the noncentrality is one for d.
  const perD = Math.sqrt((a.count * b.count) / (a.count + b.count));
  const t = cohensD * perD;
  if (!(Math.abs(t) <= MOST_T)) return { cohensD, hedgesG };
  const end = (p: number): number => (noncentrality(t, degrees, p) / perD) * correction;
  return { cohensD, hedgesG, low: end(0.025), high: end(0.975) };
}
