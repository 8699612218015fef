import type { Dataset } from '../dataset.js';
import { logistic, type Model } from './model.js';

export interface LogisticRegression {
  readonly model: 'logistic regression';
  /** How dear large weights are. */
  readonly ridge: number;
  readonly crosses: boolean;
}

/** Enough for the probabilities to settle. */
const PASSES = 300;

/** A weight for each column, by gradient descent with Nesterov's momentum. */
export function logisticRegression(data: Dataset, { ridge }: Pick<LogisticRegression, 'ridge'>): Model {
  const width = data.columns.length;
  // The last weight stands for no column, and is not dear.
  const weights = new Float64Array(width + 1);
  const before = new Float64Array(width + 1);
  const ahead = new Float64Array(width + 1);
  const step = longestSafeStep(data, ridge);
  for (let pass = 0; pass < PASSES; pass++) {
    const momentum = pass / (pass + 3);
    for (let j = 0; j <= width; j++) {
      const [now, last] = [weights[j] ?? 0, before[j] ?? 0];
      ahead[j] = now + momentum * (now - last);
      before[j] = now;
    }
    const slope = gradient(data, ahead, ridge);
    for (let j = 0; j <= width; j++) weights[j] = (ahead[j] ?? 0) - step * (slope[j] ?? 0);
  }
  return (asked) => probabilities(asked, weights);
}

function probabilities({ rows, columns, values }: Dataset, weights: Float64Array): Float64Array {
  const width = columns.length;
  const result = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let score = weights[width] ?? 0;
    for (let j = 0; j < width; j++) score += (values[row * width + j] ?? 0) * (weights[j] ?? 0);
    result[row] = logistic(score);
  }
  return result;
}

function gradient(data: Dataset, weights: Float64Array, ridge: number): Float64Array {
  const { rows, columns, values, labels } = data;
  const width = columns.length;
  const slope = weights.map((weight, j) => (j < width ? (ridge / rows) * weight : 0));
  probabilities(data, weights).forEach((probability, row) => {
    const error = (probability - (labels[row] ?? 0)) / rows;
    for (let j = 0; j < width; j++) slope[j] = (slope[j] ?? 0) + error * (values[row * width + j] ?? 0);
    slope[width] = (slope[width] ?? 0) + error;
  });
  return slope;
}

/** 1 / L: the loss bends by at most a quarter of the longest row's square, which is its number of ones. */
function longestSafeStep({ rows, columns, values }: Dataset, ridge: number): number {
  let most = 0;
  for (let row = 0; row < rows; row++) {
    const ones = values.subarray(row * columns.length, (row + 1) * columns.length);
    most = Math.max(
      most,
      ones.reduce((sum, one) => sum + one, 1),
    );
  }
  return 1 / (most / 4 + ridge / rows);
}
