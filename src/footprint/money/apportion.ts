/**
 * Whole units shared out in proportion to weights, so that the shares add up to the total exactly: each gets its whole part,
 * and those with the largest remainders one more. Ties go to who comes first. Without any weight the first gets all.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (!(sum > 0)) return weights.map((_, index) => (index === 0 ? total : 0));
  const exact = weights.map((weight) => total * (weight / sum));
  const shares = exact.map(Math.floor);
  let left = total - shares.reduce((all, share) => all + share, 0);
  const order = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  // Rounding may leave a unit too few as well as too many.
  for (let i = 0; left !== 0 && order.length > 0; i = (i + 1) % order.length) {
    const { index = 0 } = order[left > 0 ? i : order.length - 1 - i] ?? {};
    if (left < 0 && (shares[index] ?? 0) <= 0) continue;
    shares[index] = (shares[index] ?? 0) + Math.sign(left);
    left -= Math.sign(left);
  }
  return shares;
}
