/**
 * Errors of weights as they are when samples are few: what was learnt from a sample can't be held against it, so the noise
 * is larger than its residuals show, and with no more samples than were spent on unknowns nobody knows it. A weight is
 * never known worse than before the power was seen. `others` is the number of unknowns beside the weights.
 */
export function errorsOfFew(
  errors: Float64Array,
  deviation: Float64Array,
  count: number,
  others: number,
): Float64Array {
  let spent = others;
  // The part of each weight that the samples told, the prior having told the rest.
  for (const [f, error] of errors.entries()) spent += told(error, deviation[f] ?? 0);
  const widened = count > spent ? Math.sqrt(count / (count - spent)) : Number.POSITIVE_INFINITY;
  return errors.map((error, f) => {
    const [wide, most] = [error * widened, deviation[f] ?? Number.POSITIVE_INFINITY];
    return wide < most ? wide : most;
  });
}

function told(error: number, deviation: number): number {
  const left = (error / deviation) ** 2;
  return left < 1 ? 1 - left : 0;
}
