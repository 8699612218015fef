import { logGamma } from './log-gamma.js';

const TINY = 1e-300;
const ENOUGH = 4 * Number.EPSILON;
const MOST_TERMS = 10_000;

/** The continued fraction of the incomplete beta function, by Lentz' method; quick while x < (a + 1) / (a + b + 2). */
function fraction(x: number, a: number, b: number): number {
  const kept = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 / kept(1 + term * d);
      c = kept(1 + term / c);
      product *= c * d;
    }
    if (Math.abs(c * d - 1) < ENOUGH) break;
  }
  return product;
}

/** ln(xᵃ (1 - x)ᵇ / B(a, b)), where `y` is 1 - x. */
export const logBetaWeight = (x: number, y: number, a: number, b: number): number =>
  logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y);

/**
 * The regularised incomplete beta function I_x(a, b) for positive `a` and `b`. `y` is 1 - x: given apart, it keeps the digits
 * that 1 - x would lose where x is close to 1.
 */
export function incompleteBeta(x: number, a: number, b: number, y = 1 - x): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const weight = Math.exp(logBetaWeight(x, y, a, b));
  return x < (a + 1) / (a + b + 2) ? (weight * fraction(x, a, b)) / a : 1 - (weight * fraction(y, b, a)) / b;
}
