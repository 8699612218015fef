import type { Dataset } from '../dataset.js';
import { logistic, type Model } from './model.js';
import { grow, type Tree, valueAt } from './tree.js';

export interface GradientBoosting {
  readonly model: 'gradient boosting';
  readonly trees: number;
  readonly depth: number;
  /** How far each tree goes of the way that it points. */
  readonly rate: number;
}

/** Small trees, each of which mends what those before it got wrong (Friedman, for the logistic loss). */
export function gradientBoosting(
  data: Dataset,
  { trees, depth, rate }: Pick<GradientBoosting, 'trees' | 'depth' | 'rate'>,
): Model {
  const { rows, columns, values, labels } = data;
  const survived = labels.reduce((sum, label) => sum + label, 0);
  const start = Math.log(survived / (rows - survived));
  const scores = new Float64Array(rows).fill(start);
  const [errors, bends] = [new Float64Array(rows), new Float64Array(rows)];
  const all = Int32Array.from(labels.keys());
  // A step of Newton's from where the rows of the leaf stand.
  const leaf = (members: Int32Array): number => {
    let [error, bend] = [0, 1e-9];
    for (const row of members) {
      error += errors[row] ?? 0;
      bend += bends[row] ?? 0;
    }
    return error / bend;
  };
  const steps: Tree[] = [];
  for (let index = 0; index < trees; index++) {
    for (let row = 0; row < rows; row++) {
      const probability = logistic(scores[row] ?? 0);
      errors[row] = (labels[row] ?? 0) - probability;
      bends[row] = probability * (1 - probability);
    }
    const tree = grow(data, errors, all, { depth, leastRows: 5, leaf });
    for (let row = 0; row < rows; row++)
      scores[row] = (scores[row] ?? 0) + rate * valueAt(tree, values, row * columns.length);
    steps.push(tree);
  }
  return (asked) =>
    Float64Array.from({ length: asked.rows }, (_, row) =>
      logistic(
        steps.reduce(
          (score, tree) => score + rate * valueAt(tree, asked.values, row * columns.length),
          start,
        ),
      ),
    );
}
