import type { Dataset } from '../dataset.js';
import type { Model } from './model.js';
import { grow, valueAt } from './tree.js';

export interface DecisionTree {
  readonly model: 'decision tree';
  readonly depth: number;
  readonly leastRows: number;
}

export function decisionTree(data: Dataset, options: Pick<DecisionTree, 'depth' | 'leastRows'>): Model {
  const tree = grow(data, Float64Array.from(data.labels), Int32Array.from(data.labels.keys()), options);
  return ({ rows, columns, values }) =>
    Float64Array.from({ length: rows }, (_, row) => valueAt(tree, values, row * columns.length));
}
