import { type Cholesky, choleskyOf, type SparseRows } from '../../maths/index.js';

/** How much more than usual the powers may have changed since the last window: candidates, as multiples of the usual variance. */
const MULTIPLES = [1, 10, 100, 1000];
/** By how much a greater change must explain the window better, in natural logarithms of likelihood: else it is noise. */
const DOUBT = 3;
/** Beyond so many rows it would cost more than it is worth: that much data moves the state by itself. */
const MAX_ROWS = 128;

export interface Surprise {
  /** How many times the usual variance of change explains the window best. */
  readonly multiple: number;
  /** The factor of the observations' covariance with it. */
  readonly factor: Cholesky;
}

/** H·diag(variances)·Hᵀ, row after row. */
export function spreadOnRows(rows: SparseRows, variances: Float64Array): Float64Array {
  const { count, rowStart, column, value } = rows;
  const spread = new Float64Array(count * count);
  const own = new Float64Array(variances.length);
  for (let row = 0; row < count; row++) {
    const [from, to] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
    for (let p = from; p < to; p++) {
      const j = column[p] ?? 0;
      own[j] = (value[p] ?? 0) * (variances[j] ?? 0);
    }
    for (let other = 0; other <= row; other++) {
      let sum = 0;
      for (let p = rowStart[other] ?? 0; p < (rowStart[other + 1] ?? 0); p++)
        sum += (value[p] ?? 0) * (own[column[p] ?? 0] ?? 0);
      spread[row * count + other] = sum;
      spread[other * count + row] = sum;
    }
    for (let p = from; p < to; p++) own[column[p] ?? 0] = 0;
  }
  return spread;
}

/**
 * Weighs how much the functions' powers changed: the usual drift, or far more, as after a new version or another input.
 * `expected` is the covariance of the observations with the usual drift, noise included; `drift` what the usual drift
 * adds to it; `innovation` what was observed less what was expected.
 */
export function weighChange(
  expected: Float64Array,
  drift: Float64Array,
  innovation: Float64Array,
): Surprise | undefined {
  const size = innovation.length;
  let best: (Surprise & { readonly likelihood: number }) | undefined;
  for (const [step, multiple] of MULTIPLES.entries()) {
    if (step > 0 && size > MAX_ROWS) break;
    const factor = choleskyOf(
      expected.map((value, place) => value + (multiple - 1) * (drift[place] ?? 0)),
      size,
    );
    if (factor === undefined) continue;
    const square = factor.forward(innovation.slice()).reduce((sum, value) => sum + value * value, 0);
    const likelihood = -0.5 * (square + factor.logDeterminant()) - DOUBT * step;
    if (best === undefined || likelihood > best.likelihood) best = { multiple, factor, likelihood };
  }
  return best;
}
