import { incompleteBeta } from './incomplete-beta.js';
import { firstReach, rootBetween } from './root.js';

/** The chance that Student's t lies further from 0 than `t`, to either side. Exact also where it is tiny. */
export function tTwoSided(t: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
  const whole = degreesOfFreedom + t * t;
  return incompleteBeta(degreesOfFreedom / whole, degreesOfFreedom / 2, 0.5, (t * t) / whole);
}

/** The chance that Student's t is at most `t`. Degrees of freedom need not be whole. */
export function tCdf(t: number, degreesOfFreedom: number): number {
  const tail = tTwoSided(t, degreesOfFreedom) / 2;
  return t > 0 ? 1 - tail : tail;
}

const FAR = 1e300;

/** The t below which Student's t lies with the chance `p`. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1))
    return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (p === 0.5) return 0;
  const tail = 2 * Math.min(p, 1 - p);
  const above = (t: number): number => tail - tTwoSided(t, degreesOfFreedom);
  const high = firstReach(above, 1, FAR) ?? Number.POSITIVE_INFINITY;
  const t = rootBetween(above, high === 1 ? 0 : high / 2, high);
  return p < 0.5 ? -t : t;
}
