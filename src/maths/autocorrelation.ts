/**
 * Autocovariance of evenly spaced values at lags 0 to `maxLag`, about their mean. Values that are none (NaN) are left out,
 * and each lag is the mean over the pairs that there are, thinned as the whole series would be: the estimate stays
 * positive definite for a series without gaps.
 */
export function autocovariance(values: ArrayLike<number>, maxLag: number): Float64Array {
  const count = values.length;
  let [sum, good] = [0, 0];
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    good++;
  }
  const mean = sum / good;
  const result = new Float64Array(Math.min(maxLag, Math.max(0, count - 1)) + 1);
  for (let lag = 0; lag < result.length; lag++) {
    let [products, pairs] = [0, 0];
    for (let i = lag; i < count; i++) {
      const product = ((values[i] ?? 0) - mean) * ((values[i - lag] ?? 0) - mean);
      if (Number.isNaN(product)) continue;
      products += product;
      pairs++;
    }
    result[lag] = pairs === 0 ? 0 : (products / pairs) * (1 - lag / count);
  }
  return result;
}
