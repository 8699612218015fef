import { incompleteBeta, logBetaWeight } from './incomplete-beta.js';
import { logGamma } from './log-gamma.js';
import { normalCdf } from './normal.js';
import { tCdf } from './student-t.js';

/** Terms further from the largest than so many deviations of their weights lie below the rounding of the sum. */
const DEVIATIONS = 9;

/** Numbers below about 1e-308 lose digits. */
const LEAST = 1e-290;

interface Mixture {
  readonly x: number;
  /** 1 - x, with all its digits. */
  readonly y: number;
  /** The second parameter of the incomplete beta function. */
  readonly b: number;
  /** δ²/2: the mean of the weights. */
  readonly mean: number;
}

/** Σ weight(j) · I_x(j + offset, b), from the highest j down, as I falls by terms that never cancel then. */
function mixed({ x, y, b, mean }: Mixture, offset: number): number {
  const weightAt = (a: number): number => Math.exp(-mean + (a - 0.5) * Math.log(mean) - logGamma(a + 0.5));
  // What I grows by when its first parameter falls to a.
  const stepAt = (a: number): number => Math.exp(logBetaWeight(x, y, a, b)) / a;
  const reach = DEVIATIONS * Math.sqrt(mean) + 30;
  const [first, last] = [Math.max(0, Math.floor(mean - reach)), Math.ceil(mean + reach)];
  let beta = incompleteBeta(x, last + offset, b, y);
  let step = stepAt(last + offset);
  let weight = weightAt(last + offset);
  let sum = 0;
  for (let j = last; j >= first; j--) {
    const a = j + offset;
    sum += weight * beta;
    if (j === first) break;
    // By their ratios; anew where they had been too small for a number with all its digits.
    step = step > LEAST ? (step * a) / (x * (a + b - 1)) : stepAt(a - 1);
    weight = weight > LEAST ? (weight * (a - 0.5)) / mean : weightAt(a - 1);
    beta += step;
  }
  return sum;
}

/**
 * The chance that a noncentral t whose noncentrality is `shift` is at most `t`: a mixture of incomplete beta functions with
 * Poisson weights (Lenth, 1989), summed around its largest term, so that large shifts can be had too.
 */
export function noncentralTCdf(t: number, degreesOfFreedom: number, shift: number): number {
  if (shift === 0) return tCdf(t, degreesOfFreedom);
  if (t < 0) return 1 - noncentralTCdf(-t, degreesOfFreedom, -shift);
  // A square that is too small for a number is 0.
  if (t * t === 0 || shift * shift === 0) return t * t === 0 ? normalCdf(-shift) : tCdf(t, degreesOfFreedom);
  const whole = degreesOfFreedom + t * t;
  const mixture = {
    x: (t * t) / whole,
    y: degreesOfFreedom / whole,
    b: degreesOfFreedom / 2,
    mean: (shift * shift) / 2,
  };
  const sum = mixed(mixture, 0.5) + Math.sign(shift) * mixed(mixture, 1);
  return Math.min(1, Math.max(0, normalCdf(-shift) + sum / 2));
}
