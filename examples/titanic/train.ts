import { type Candidate, learn } from './candidates.js';
import { type Dataset, rowsOf } from './dataset.js';
import { allBut, stratifiedFolds } from './folds.js';
import { type Metrics, metricsOf } from './metrics.js';

export interface Trained {
  readonly candidate: Candidate;
  /** How well it foretold rows of the training data that it had not learnt from. */
  readonly validation: Metrics;
  /** For the rows that are kept for testing. */
  readonly probabilities: Float64Array;
  readonly rowsLearnt: number;
}

export interface TrainOptions {
  readonly folds: number;
  readonly repeats: number;
  readonly seed: number;
}

/** Judges a candidate by repeated cross-validation, and then has it learn from all rows for the test. */
export function train(candidate: Candidate, data: Dataset, test: Dataset, options: TrainOptions): Trained {
  const { folds, repeats, seed } = options;
  let rowsLearnt = data.rows;
  const rounds = Array.from({ length: repeats }, (_, repeat) => {
    const parts = stratifiedFolds(data.labels, folds, seed + 1 + repeat);
    const foretold = new Float64Array(data.rows);
    parts.forEach((held, fold) => {
      const learnt = rowsOf(data, allBut(fold, parts));
      rowsLearnt += learnt.rows;
      const probabilities = learn(candidate, learnt, seed)(rowsOf(data, held));
      held.forEach((row, index) => {
        foretold[row] = probabilities[index] ?? 0;
      });
    });
    return metricsOf(foretold, data.labels);
  });
  return {
    candidate,
    validation: meanMetrics(rounds),
    probabilities: learn(candidate, data, seed)(test),
    rowsLearnt,
  };
}

function meanMetrics(rounds: readonly Metrics[]): Metrics {
  const mean = (of: (metrics: Metrics) => number): number =>
    rounds.reduce((sum, metrics) => sum + of(metrics), 0) / rounds.length;
  return {
    accuracy: mean(({ accuracy }) => accuracy),
    f1: mean(({ f1 }) => f1),
    auc: mean(({ auc }) => auc),
  };
}
