import { isEqual, spreadOf } from './spread.js';
import { tQuantile, tTwoSided } from './student-t.js';

export interface WelchTest {
  /** Of the second mean above the first; infinite where neither sample has any spread and they differ. */
  readonly t: number;
  readonly degreesOfFreedom: number;
  /** Two-sided. */
  readonly p: number;
  /** The second mean less the first. */
  readonly difference: number;
  /** The 95 % interval of the difference. */
  readonly low: number;
  readonly high: number;
}

/** Whether two samples have the same mean, whatever their variances (Welch). Undefined where one has fewer than two values. */
export function welchTest(first: readonly number[], second: readonly number[]): WelchTest | undefined {
  const [a, b] = [spreadOf(first), spreadOf(second)];
  if (a === undefined || b === undefined) return undefined;
  const difference = b.mean - a.mean;
  const [errorA, errorB] = [a.variance / a.count, b.variance / b.count];
  const square = errorA + errorB;
  if (square === 0) {
    // Equal values throughout: there is no chance in them.
    const isSame = isEqual(a.mean, b.mean);
    const t = isSame ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
    const degreesOfFreedom = a.count + b.count - 2;
    return { t, degreesOfFreedom, p: isSame ? 1 : 0, difference, low: difference, high: difference };
  }
  const degreesOfFreedom = welchDegrees(errorA, a.count, errorB, b.count);
  const error = Math.sqrt(square);
  const reach = tQuantile(0.975, degreesOfFreedom) * error;
  const t = difference / error;
  return {
    t,
    degreesOfFreedom,
    p: tTwoSided(t, degreesOfFreedom),
    difference,
    low: difference - reach,
    high: difference + reach,
  };
}

/** The degrees of freedom of a sum of two squared errors (Welch and Satterthwaite). */
export function welchDegrees(squareA: number, countA: number, squareB: number, countB: number): number {
  // As parts of their sum, so that squares of tiny figures don't vanish.
  const part = squareA / (squareA + squareB);
  return 1 / (part ** 2 / (countA - 1) + (1 - part) ** 2 / (countB - 1));
}
