import type { Dataset } from './dataset.js';
import { type Metrics, metricsOf } from './metrics.js';
import type { Trained } from './train.js';

export interface Judged extends Metrics {
  readonly name: string;
  /** The accuracy in cross-validation: by this the best is chosen, so that the test stays one. */
  readonly validation: number;
}

export interface Evaluation {
  readonly best: string;
  /** The accuracy of saying of everybody that they died. */
  readonly baseline: number;
  /** The best in cross-validation first. */
  readonly models: readonly Judged[];
}

export function evaluate(trained: readonly Trained[], test: Dataset): Evaluation {
  const models = trained
    .toSorted((a, b) => b.validation.accuracy - a.validation.accuracy || b.validation.auc - a.validation.auc)
    .map(({ candidate, validation, probabilities }) => {
      const { model, ...settings } = candidate;
      return {
        name: [model, ...Object.entries(settings).map(([name, value]) => `${name} ${value}`)].join(', '),
        validation: rounded(validation.accuracy),
        ...roundedMetrics(metricsOf(probabilities, test.labels)),
      };
    });
  const [best] = models;
  if (best === undefined) throw new Error('no model was trained');
  const died = test.labels.filter((label) => label === 0).length;
  return { best: best.name, baseline: rounded(died / test.rows), models };
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

const roundedMetrics = ({ accuracy, f1, auc }: Metrics): Metrics => ({
  accuracy: rounded(accuracy),
  f1: rounded(f1),
  auc: rounded(auc),
});
