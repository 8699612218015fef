import { absent, type Figure, finite } from './figure.js';

/** Ticks of measured and predicted power; NaN where there is none. */
export interface Powers {
  readonly measuredWatts: ArrayLike<number>;
  readonly predictedWatts: ArrayLike<number>;
}

interface Sums {
  measured: number;
  predicted: number;
  ticks: number;
}

function sums({ measuredWatts, predictedWatts }: Powers, first: number, last: number): Sums {
  const result = { measured: 0, predicted: 0, ticks: 0 };
  for (let i = first; i < last; i++) {
    const measured = measuredWatts[i] ?? Number.NaN;
    const predicted = predictedWatts[i] ?? Number.NaN;
    if (!Number.isFinite(measured) || !Number.isFinite(predicted)) continue;
    result.measured += measured;
    result.predicted += predicted;
    result.ticks++;
  }
  return result;
}

const NOTHING = 'no tick has both a measured and a predicted power';
const NO_ENERGY = 'no energy was measured';

/** |predicted − measured| energy over measured, over all ticks: errors of one sign in one place undo those of the other elsewhere. */
export function totalError(powers: Powers): Figure {
  const { measured, predicted, ticks } = sums(powers, 0, powers.measuredWatts.length);
  if (ticks === 0) return absent(NOTHING);
  if (!(measured > 0)) return absent(NO_ENERGY);
  return finite(Math.abs(predicted - measured) / measured, NO_ENERGY);
}

/**
 * The same for each window of so many ticks; the last may be shorter. NaN for a window without energy or of which less
 * than half is known.
 */
export function totalErrorByWindow(powers: Powers, ticksPerWindow: number): Float64Array {
  const count = powers.measuredWatts.length;
  const errors = new Float64Array(Math.ceil(count / ticksPerWindow)).fill(Number.NaN);
  for (let window = 0; window < errors.length; window++) {
    const first = window * ticksPerWindow;
    const last = Math.min(count, first + ticksPerWindow);
    const { measured, predicted, ticks } = sums(powers, first, last);
    if (measured > 0 && 2 * ticks >= last - first) errors[window] = Math.abs(predicted - measured) / measured;
  }
  return errors;
}

/** Mean of the windows' errors: what the account is off by at any time, which the sum over the trace can hide. */
export function meanWindowError(powers: Powers, ticksPerWindow: number): Figure {
  const errors = totalErrorByWindow(powers, ticksPerWindow).filter((error) => !Number.isNaN(error));
  if (errors.length === 0) return absent(NOTHING);
  return finite(errors.reduce((sum, error) => sum + error, 0) / errors.length, NO_ENERGY);
}
