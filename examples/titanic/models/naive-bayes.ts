import type { Dataset } from '../dataset.js';
import { logistic, type Model } from './model.js';

export interface NaiveBayes {
  readonly model: 'naive Bayes';
  /** Passengers that are imagined at each level, so that none is impossible (Laplace). */
  readonly smoothing: number;
}

/** Multiplies what each field says of survival, as if the fields had nothing to do with one another. */
export function naiveBayes(data: Dataset, { smoothing }: Pick<NaiveBayes, 'smoothing'>): Model {
  const width = data.columns.length;
  const survived = data.labels.reduce((sum, label) => sum + label, 0);
  const died = data.rows - survived;
  const ones = [new Float64Array(width), new Float64Array(width)] as const;
  for (let row = 0; row < data.rows; row++) {
    const counts = data.labels[row] === 1 ? ones[1] : ones[0];
    for (let j = 0; j < width; j++) counts[j] = (counts[j] ?? 0) + (data.values[row * width + j] ?? 0);
  }
  const part = (count: number, of: number, levels: number): number =>
    (count + smoothing) / (of + smoothing * levels);
  const evidence = data.columns.map(({ levels }, j) =>
    Math.log(part(ones[1][j] ?? 0, survived, levels) / part(ones[0][j] ?? 0, died, levels)),
  );
  const prior = Math.log(survived / died);
  return ({ rows, values }) =>
    Float64Array.from({ length: rows }, (_, row) =>
      logistic(evidence.reduce((sum, weight, j) => sum + weight * (values[row * width + j] ?? 0), prior)),
    );
}
