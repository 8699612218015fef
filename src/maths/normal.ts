/** Beyond this the series of the error function would need many terms, and the continued fraction few. */
const SERIES_UP_TO = 3;
const FRACTION_TERMS = 60;

/** The standard normal chance of lying between 0 and `z`, by its series. */
function fromMiddle(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The standard normal chance above a large `z`, by Laplace's continued fraction. */
function above(z: number): number {
  let fraction = z;
  for (let k = FRACTION_TERMS; k > 0; k--) fraction = z + k / fraction;
  return Math.exp((-z * z) / 2) / (fraction * Math.sqrt(2 * Math.PI));
}

/** The chance that a standard normal value is at most `z`. */
export function normalCdf(z: number): number {
  if (Math.abs(z) < SERIES_UP_TO) return 0.5 + fromMiddle(z);
  return z > 0 ? 1 - above(z) : above(-z);
}
