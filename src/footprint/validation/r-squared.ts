import { absent, type Figure, finite } from './figure.js';
import type { Powers } from './total-error.js';

/**
 * The part of the measured power's variance that the prediction explains: 1 where it is exact, 0 where it is no better than
 * the mean, below 0 where it is worse. Absent where the power never moves.
 */
export function rSquared({ measuredWatts, predictedWatts }: Powers): Figure {
  let [count, sum, size] = [0, 0, 0];
  const both = (i: number): boolean =>
    Number.isFinite(measuredWatts[i]) && Number.isFinite(predictedWatts[i]);
  for (let i = 0; i < measuredWatts.length; i++) {
    if (!both(i)) continue;
    count++;
    sum += measuredWatts[i] ?? 0;
    size = Math.max(size, Math.abs(measuredWatts[i] ?? 0));
  }
  if (count < 2) return absent('fewer than two ticks have both a measured and a predicted power');
  const mean = sum / count;
  let [errors, spread] = [0, 0];
  for (let i = 0; i < measuredWatts.length; i++) {
    if (!both(i)) continue;
    errors += ((measuredWatts[i] ?? 0) - (predictedWatts[i] ?? 0)) ** 2;
    spread += ((measuredWatts[i] ?? 0) - mean) ** 2;
  }
  // What is left of a constant by rounding is no variance.
  if (!(spread > count * (1e-12 * size) ** 2)) return absent('the measured power never moves');
  return finite(1 - errors / spread, 'a power is too large to be squared');
}
