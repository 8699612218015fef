import { choleskyOf, nnls, robustDeviation } from '../../maths/index.js';

/** A sum of terms whose coefficients are never negative, fitted by relative errors. */
export interface Law {
  readonly coefficients: Float64Array;
  /** Terms that have a part in it. */
  readonly active: readonly number[];
  /** Of the active coefficients, row after row: relative errors of the rows being as their variances say. */
  readonly covariance: Float64Array;
}

export interface LawRows {
  /** A row each: the values of the terms. */
  readonly features: readonly Float64Array[];
  readonly values: Float64Array;
  /** Relative variance of each value; a row with Infinity has no say. */
  readonly variances: Float64Array;
  /** The terms to use, as `usableTerms` gives them; looked up when not given. */
  readonly terms?: readonly number[];
  /** Below this a value counts as if it were this: what is nearly nothing need not be right to some percent. */
  readonly floor?: number;
}

const HUBER = 1.345;
const ROUNDS = 15;
/** In units of each term's own square: lets terms that say the same share what they say. */
const RIDGE = 1e-7;

export function lawValue(coefficients: ArrayLike<number>, features: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < features.length; j++) {
    const coefficient = coefficients[j] ?? 0;
    // A term that has no part in it need not have a value.
    if (coefficient !== 0) sum += coefficient * (features[j] ?? Number.NaN);
  }
  return sum;
}

/**
 * The law of some rows, by least squares of relative errors; rows far off count less (Huber). A `guess` of what the rows
 * come to makes it a matter of a few rounds.
 */
export function fitLaw(rows: LawRows, guess?: Float64Array, rounds = ROUNDS): Law {
  const { features, values, variances, floor = Number.MIN_VALUE } = rows;
  const size = features[0]?.length ?? 0;
  const usable = rows.terms ?? usableTerms(rows);
  let fitted = guess ?? values;
  let coefficients: Float64Array = new Float64Array(size);
  for (let round = 0; round < rounds; round++) {
    const huber = round === 0 && !guess ? undefined : huberWeights(rows, fitted, usable.length);
    const weights = variances.map(
      (variance, i) => (huber?.[i] ?? 1) / (variance * Math.max(fitted[i] ?? 0, floor) ** 2),
    );
    const next = leastSquares(rows, weights, usable, coefficients);
    const moved = next.some((value, j) => Math.abs(value - (coefficients[j] ?? 0)) > 1e-6 * value);
    coefficients = next;
    fitted = values.map((_, i) => lawValue(coefficients, features[i] ?? new Float64Array(0)));
    if (!moved) break;
  }
  const active = [...coefficients.keys()].filter((j) => (coefficients[j] ?? 0) > 0);
  return { coefficients, active, covariance: covarianceOf(rows, fitted, active) };
}

/** Terms that say something, and something else than those before them. */
export function usableTerms({ features, variances }: Pick<LawRows, 'features' | 'variances'>): number[] {
  const size = features[0]?.length ?? 0;
  const rows = features.filter((_, i) => Number.isFinite(variances[i]));
  const usable: number[] = [];
  const ratioIsConstant = (j: number, k: number): boolean => {
    const ratio = (row: Float64Array): number => (row[j] ?? 0) / (row[k] ?? 0);
    const first = rows[0] === undefined ? Number.NaN : ratio(rows[0]);
    return rows.every((row) => Math.abs(ratio(row) - first) <= 1e-9 * Math.abs(first));
  };
  for (let j = 0; j < size; j++) {
    const isSound = rows.every((row) => Number.isFinite(row[j])) && rows.some((row) => row[j] !== 0);
    if (isSound && !usable.some((k) => ratioIsConstant(j, k))) usable.push(j);
  }
  return usable;
}

/** How far a value lies from the law: as a factor, or as the part that pulls at the fit, whichever is more. */
function distance(value: number, fitted: number, floor: number): number {
  const ratio = Math.max(value, floor) / Math.max(fitted, floor);
  return Math.max(Math.abs(Math.log(ratio)), Math.abs(ratio - 1));
}

function huberWeights(
  { values, variances, floor = Number.MIN_VALUE }: LawRows,
  fitted: Float64Array,
  terms: number,
): Float64Array {
  const distances = values.map((value, i) => distance(value, fitted[i] ?? 0, floor));
  const counted = [...distances].filter((_, i) => Number.isFinite(variances[i]));
  const freedom = Math.max(1, counted.length - terms) / counted.length;
  const deviation = robustDeviation(counted, 0) / Math.sqrt(freedom);
  const limit = HUBER * Math.max(deviation, 1e-6);
  return distances.map((value) => Math.min(1, limit / value || 1));
}

function leastSquares(
  { features, values }: LawRows,
  weights: Float64Array,
  usable: readonly number[],
  start: Float64Array,
): Float64Array {
  const size = usable.length;
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  let [square, count] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    const row = features[i];
    if (!(weight > 0) || row === undefined) continue;
    const value = values[i] ?? 0;
    square += weight * value * value;
    count++;
    for (let a = 0; a < size; a++) {
      const weighted = weight * (row[usable[a] ?? 0] ?? 0);
      right[a] = (right[a] ?? 0) + weighted * value;
      for (let b = 0; b <= a; b++)
        gram[a * size + b] = (gram[a * size + b] ?? 0) + weighted * (row[usable[b] ?? 0] ?? 0);
    }
  }
  for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) gram[b * size + a] = gram[a * size + b] ?? 0;
  const ridge = Float64Array.from({ length: size }, (_, a) => RIDGE * (gram[a * size + a] ?? 0));
  const { x } = nnls(
    { size, gram, right, square, count },
    { ridge, start: Float64Array.from(usable, (j) => start[j] ?? 0) },
  );
  const coefficients = new Float64Array(start.length);
  for (const [a, j] of usable.entries()) coefficients[j] = x[a] ?? 0;
  return coefficients;
}

function covarianceOf(
  { features, variances, floor = Number.MIN_VALUE }: LawRows,
  fitted: Float64Array,
  active: readonly number[],
): Float64Array {
  const size = active.length;
  const gram = new Float64Array(size * size);
  for (const [i, row] of features.entries()) {
    const weight = 1 / ((variances[i] ?? Number.POSITIVE_INFINITY) * Math.max(fitted[i] ?? 0, floor) ** 2);
    if (!(weight > 0)) continue;
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++)
        gram[a * size + b] =
          (gram[a * size + b] ?? 0) + weight * (row[active[a] ?? 0] ?? 0) * (row[active[b] ?? 0] ?? 0);
  }
  for (let a = 0; a < size; a++) gram[a * size + a] = (gram[a * size + a] ?? 0) * (1 + RIDGE);
  return choleskyOf(gram, size)?.inverse() ?? new Float64Array(size * size);
}

/** Relative variance of what a law says, for what is not known of its coefficients. */
export function lawVariance({ active, covariance }: Law, features: Float64Array, value: number): number {
  let sum = 0;
  for (const [a, j] of active.entries())
    for (const [b, k] of active.entries())
      sum += (covariance[a * active.length + b] ?? 0) * (features[j] ?? 0) * (features[k] ?? 0);
  return value > 0 ? Math.max(0, sum) / value ** 2 : 0;
}
