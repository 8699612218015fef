import { autocovariance } from './autocorrelation.js';

/** So many lags in a row must be insignificant before the ones before them are held to be all there is. */
const fewestQuiet = (count: number): number => Math.max(5, Math.ceil(Math.sqrt(Math.log10(count))));

/** 1 near the middle, then falling to 0 at the ends: keeps the first lags whole, where the information is. */
const flatTop = (x: number): number => Math.min(1, Math.max(0, 2 * (1 - Math.abs(x))));

/**
 * Mean length of the blocks in which evenly spaced values must be drawn again so that the bootstrap of their mean sees how
 * they hang together: from their autocorrelation, by the rule of Politis and White (2004, corrected 2009) for the
 * stationary bootstrap. 1 where they don't hang together; NaN values are gaps.
 */
export function blockLength(values: ArrayLike<number>): number {
  const count = values.length;
  if (count < 8) return 1;
  const quiet = fewestQuiet(count);
  const furthest = Math.ceil(Math.sqrt(count)) + quiet;
  const covariance = autocovariance(values, furthest);
  const variance = covariance[0] ?? 0;
  if (!(variance > 0)) return 1;
  const significant = 2 * Math.sqrt(Math.log10(count) / count) * variance;

  let [last, silent] = [0, 0];
  for (let lag = 1; lag < covariance.length && silent < quiet; lag++) {
    if (Math.abs(covariance[lag] ?? 0) > significant) {
      last = lag;
      silent = 0;
    } else silent++;
  }
  const reach = Math.min(2 * Math.max(1, last), covariance.length - 1);
  let [spectrum, slope] = [variance, 0];
  for (let lag = 1; lag <= reach; lag++) {
    const weighted = 2 * flatTop(lag / reach) * (covariance[lag] ?? 0);
    spectrum += weighted;
    slope += lag * weighted;
  }
  const longest = Math.max(1, Math.ceil(Math.min(3 * Math.sqrt(count), count / 3)));
  const length = ((slope / spectrum) ** 2 * count) ** (1 / 3);
  // A spectrum of nothing at zero means that values undo one another: longer blocks only help.
  return spectrum > 0 ? Math.min(longest, Math.max(1, length)) : longest;
}
