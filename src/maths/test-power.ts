import { noncentralTCdf } from './noncentral-t.js';
import { firstReach, rootBetween } from './root.js';
import { tQuantile } from './student-t.js';

export interface PowerOptions {
  /** The chance of a false finding, two-sided; 0.05 when not given. */
  readonly significance?: number;
  /** The chance of finding what is there; 0.8 when not given. */
  readonly power?: number;
}

const MOST_VALUES = 100_000;
/** Beyond this everything is found; a noncentral t would take terms without end to say so. */
const MOST_SHIFT = 10_000;

/** The chance that a t-test of two samples of `count` values each finds means that lie `effect` deviations apart. */
export function testPower(effect: number, count: number, significance = 0.05): number {
  const degrees = 2 * count - 2;
  if (!(degrees > 0)) return 0;
  const shift = Math.min(effect * Math.sqrt(count / 2), MOST_SHIFT);
  const limit = tQuantile(1 - significance / 2, degrees);
  return 1 - noncentralTCdf(limit, degrees, shift) + noncentralTCdf(-limit, degrees, shift);
}

/** Values that each of two samples needs to find such an effect; undefined beyond 100,000. */
export function countForPower(
  effect: number,
  { significance = 0.05, power = 0.8 }: PowerOptions = {},
): number | undefined {
  const over = (count: number): number => testPower(effect, count, significance) - power;
  const enough = firstReach(over, 2, MOST_VALUES);
  if (enough === undefined) return undefined;
  let [low, high] = [enough / 2, enough];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (over(middle) >= 0) high = middle;
    else low = middle;
  }
  return high;
}

/** The least effect, in deviations, that two samples of `count` values each will find; undefined for fewer than two. */
export function detectableEffect(
  count: number,
  { significance = 0.05, power = 0.8 }: PowerOptions = {},
): number | undefined {
  if (count < 2) return undefined;
  const over = (effect: number): number => testPower(effect, count, significance) - power;
  const high = firstReach(over, 1 / 16, 1000);
  return high === undefined ? undefined : rootBetween(over, 0, high);
}
