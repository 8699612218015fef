/**
 * p-values of many tests made together, so that the chance of any false finding among them stays what it is for one (Holm). The
 * tests may depend on one another. `family` counts the tests that were made or could have been, where more than these.
 */
export function holm(pValues: readonly number[], family = pValues.length): number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let least = 0;
  for (const [rank, { p, index }] of order.entries()) {
    least = Math.max(least, Math.min(1, p * (family - rank)));
    adjusted[index] = least;
  }
  return adjusted;
}
