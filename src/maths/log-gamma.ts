const G = 7;
/** Lanczos' coefficients for g = 7 and nine terms: good to about 15 digits. */
const COEFFICIENTS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The natural logarithm of the gamma function, for positive `x`. */
export function logGamma(x: number): number {
  // Below a half the series loses digits: the reflection formula goes on from there.
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum = 0;
  for (const [index, coefficient] of COEFFICIENTS.entries())
    sum += index === 0 ? coefficient : coefficient / (z + index);
  const t = z + G + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
