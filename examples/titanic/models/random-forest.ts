import { seededRandom } from 'wattloop/maths';
import type { Dataset } from '../dataset.js';
import type { Model } from './model.js';
import { grow, valueAt } from './tree.js';

export interface RandomForest {
  readonly model: 'random forest';
  readonly trees: number;
  readonly depth: number;
}

/** The mean of trees, each grown on rows drawn with replacement, with few columns to choose from at each split (Breiman). */
export function randomForest(
  data: Dataset,
  { trees, depth }: Pick<RandomForest, 'trees' | 'depth'>,
  seed: number,
): Model {
  const targets = Float64Array.from(data.labels);
  const forest = Array.from({ length: trees }, (_, index) => {
    const random = seededRandom(seed).fork(`tree ${index}`);
    const drawn = Int32Array.from({ length: data.rows }, () => random.below(data.rows));
    return grow(data, targets, drawn, { depth, leastRows: 1, random });
  });
  return ({ rows, columns, values }) =>
    Float64Array.from({ length: rows }, (_, row) => {
      const begin = row * columns.length;
      return forest.reduce((sum, tree) => sum + valueAt(tree, values, begin), 0) / trees;
    });
}
