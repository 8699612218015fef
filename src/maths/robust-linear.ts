import { choleskyOf } from './cholesky.js';
import {
  type LinearFit,
  type LinearRows,
  momentsOf,
  pickRows,
  predictRow,
  soundRows,
} from './linear-rows.js';
import { nnls } from './nnls.js';
import { median } from './statistics.js';

export interface RobustLinearOptions {
  /** Whether coefficients may not be negative (the intercept may). */
  readonly nonNegative?: boolean;
}

export interface RobustLinearFit extends LinearFit {
  /** Deviation of the rows from the fit, outliers aside. */
  readonly deviation: number;
  /** Rows that count for nothing in the end. */
  readonly outliers: number;
  /** Rows that were sound. */
  readonly count: number;
}

/** Huber: least squares near by, least deviations beyond 1.345 deviations. */
const HUBER = 1.345;
/** Tukey's biweight falls to nothing at 4.685 deviations. Both are 95 % as sure as least squares where noise is normal. */
const BIWEIGHT = 4.685;
const HUBER_ROUNDS = 30;
const BIWEIGHT_ROUNDS = 30;
/** Lets features that say the same share what they say. In units of the features' own squares. */
const RIDGE = 1e-6;

type WeightOf = (deviations: number) => number;
const huber: WeightOf = (deviations) => (deviations <= HUBER ? 1 : HUBER / deviations);
const biweight: WeightOf = (deviations) =>
  deviations >= BIWEIGHT ? 0 : (1 - (deviations / BIWEIGHT) ** 2) ** 2;

/** Weighted least squares on features scaled to deviation 1. The intercept is free. */
function leastSquares(rows: LinearRows, weights: Float64Array, nonNegative: boolean): LinearFit | undefined {
  const { features, target } = rows;
  const size = features.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanOf = (column: Float64Array): number =>
    column.reduce((sum, value, row) => sum + (weights[row] ?? 0) * value, 0) / total;
  const [means, height] = [features.map(meanOf), meanOf(target)];
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  let square = 0;
  for (const [row, value] of target.entries()) {
    const weight = weights[row] ?? 0;
    if (weight === 0) continue;
    const above = value - height;
    square += weight * above * above;
    for (let j = 0; j < size; j++) {
      const from = weight * ((features[j]?.[row] ?? 0) - (means[j] ?? 0));
      right[j] = (right[j] ?? 0) + from * above;
      for (let k = 0; k <= j; k++)
        gram[j * size + k] = (gram[j * size + k] ?? 0) + from * ((features[k]?.[row] ?? 0) - (means[k] ?? 0));
    }
  }
  for (let j = 0; j < size; j++) {
    gram[j * size + j] = (gram[j * size + j] ?? 0) + RIDGE * total;
    for (let k = 0; k < j; k++) gram[k * size + j] = gram[j * size + k] ?? 0;
  }
  const coefficients = nonNegative
    ? nnls({ size, gram, right, square, count: target.length }).x
    : choleskyOf(gram, size)?.solve(right);
  if (coefficients === undefined) return undefined;
  const intercept = coefficients.reduce((rest, value, j) => rest - value * (means[j] ?? 0), height);
  return { coefficients, intercept };
}

const residuals = (fit: LinearFit, { features, target }: LinearRows): Float64Array =>
  target.map((value, row) => value - predictRow(fit, features, row));

/** The residuals' deviation; blind to outliers. The features' own freedom is allowed for. */
function deviationOf(left: Float64Array, features: number): number {
  const freedom = Math.sqrt(left.length / Math.max(1, left.length - features - 1));
  return 1.4826 * freedom * median(left.map(Math.abs));
}

/**
 * A straight line through rows of which some may be wild. Begins with Huber's loss, which has one optimum only, and goes
 * on from there with weights that fall to nothing for rows far from the fit. Features that never change get 0. Undefined
 * with fewer sound rows than features and intercept.
 */
export function robustLinear(
  all: LinearRows,
  options: RobustLinearOptions = {},
): RobustLinearFit | undefined {
  const { nonNegative = false } = options;
  const sound = pickRows(all, soundRows(all));
  const count = sound.target.length;
  const own = sound.weights ?? new Float64Array(count).fill(1);
  const scales = sound.features.map((column) => momentsOf(column, own).deviation);
  if (count < sound.features.length + 1 || count === 0) return undefined;
  const rows: LinearRows = {
    features: sound.features.map((column, k) =>
      column.map((value) => ((scales[k] ?? 0) > 0 ? value / (scales[k] ?? 1) : 0)),
    ),
    target: sound.target,
  };
  // Below this all rows lie on the fit.
  const least = 1e-12 * Math.max(...rows.target.map(Math.abs), Number.MIN_VALUE);
  let fit = leastSquares(rows, own, nonNegative);
  let [deviation, outliers] = [0, 0];
  const improve = (weightOf: WeightOf, rounds: number): void => {
    for (let round = 0; round < rounds && fit !== undefined; round++) {
      const left = residuals(fit, rows);
      deviation = deviationOf(left, rows.features.length);
      const scale = Math.max(deviation, least);
      const weights = left.map((value, row) => (own[row] ?? 0) * weightOf(Math.abs(value) / scale));
      outliers = weights.filter((weight) => weight === 0).length;
      const next = leastSquares(rows, weights, nonNegative);
      const moved = next === undefined ? 0 : distance(fit, next, scale);
      fit = next;
      if (moved < 1e-6) break;
    }
  };
  improve(huber, HUBER_ROUNDS);
  improve(biweight, BIWEIGHT_ROUNDS);
  if (fit === undefined || !fit.coefficients.every(Number.isFinite)) return undefined;
  const coefficients = fit.coefficients.map((value, k) =>
    (scales[k] ?? 0) > 0 ? value / (scales[k] ?? 1) : 0,
  );
  return { coefficients, intercept: fit.intercept, deviation, outliers, count };
}

/** How far two fits are apart, in deviations of the rows. */
const distance = (a: LinearFit, b: LinearFit, scale: number): number =>
  a.coefficients.reduce(
    (most, value, k) => Math.max(most, Math.abs(value - (b.coefficients[k] ?? 0))),
    Math.abs(a.intercept - b.intercept),
  ) / scale;
