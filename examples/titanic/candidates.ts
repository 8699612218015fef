import { type Dataset, withoutCrosses } from './dataset.js';
import { type DecisionTree, decisionTree } from './models/decision-tree.js';
import { type GradientBoosting, gradientBoosting } from './models/gradient-boosting.js';
import { type LogisticRegression, logisticRegression } from './models/logistic-regression.js';
import type { Model } from './models/model.js';
import { type NaiveBayes, naiveBayes } from './models/naive-bayes.js';
import { type RandomForest, randomForest } from './models/random-forest.js';

/** A model with its settings: what one invocation trains. */
export type Candidate = LogisticRegression | NaiveBayes | DecisionTree | RandomForest | GradientBoosting;

export const candidatesWith = (trees: number): Candidate[] => [
  { model: 'logistic regression', ridge: 1, crosses: false },
  { model: 'logistic regression', ridge: 1, crosses: true },
  { model: 'logistic regression', ridge: 30, crosses: true },
  { model: 'naive Bayes', smoothing: 1 },
  { model: 'naive Bayes', smoothing: 20 },
  { model: 'decision tree', depth: 1, leastRows: 5 },
  { model: 'decision tree', depth: 3, leastRows: 5 },
  { model: 'decision tree', depth: 6, leastRows: 5 },
  { model: 'random forest', trees, depth: 3 },
  { model: 'random forest', trees, depth: 6 },
  { model: 'gradient boosting', trees, depth: 2, rate: 0.1 },
  { model: 'gradient boosting', trees, depth: 3, rate: 0.3 },
];

/** Learns from rows. Trees find out by themselves what fields say together, and naive Bayes must not be told twice. */
export function learn(candidate: Candidate, data: Dataset, seed: number): Model {
  if (candidate.model === 'logistic regression' && candidate.crosses)
    return logisticRegression(data, candidate);
  const plain = withoutCrosses(data);
  const model = learnPlain(candidate, plain, seed);
  return (asked) => model(withoutCrosses(asked));
}

function learnPlain(candidate: Candidate, data: Dataset, seed: number): Model {
  switch (candidate.model) {
    case 'logistic regression':
      return logisticRegression(data, candidate);
    case 'naive Bayes':
      return naiveBayes(data, candidate);
    case 'decision tree':
      return decisionTree(data, candidate);
    case 'random forest':
      return randomForest(data, candidate, seed);
    case 'gradient boosting':
      return gradientBoosting(data, candidate);
  }
}
