import { normal, random } from '../shared/random.js';

/** Rows of features, and for each whether it is of the second class. */
export interface Samples {
  readonly rows: number;
  readonly features: number;
  readonly values: Float64Array;
  readonly labels: Uint8Array;
}

/** Part of the labels that are wrong: nobody can do better than that. */
export const WRONG = 0.05;

/** Classes that a plane tells apart, but for some labels that are wrong. */
export function samples(rows: number, features: number, seed: number): Samples {
  const uniform = random(seed);
  const next = normal(uniform);
  const plane = Float64Array.from({ length: features }, next);
  const values = new Float64Array(rows * features);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    let side = 0;
    for (let feature = 0; feature < features; feature++) {
      const value = next();
      values[row * features + feature] = value;
      side += value * (plane[feature] ?? 0);
    }
    labels[row] = Number(side > 0 !== uniform() < WRONG);
  }
  return { rows, features, values, labels };
}

/** The rows from one to before another. */
export const part = ({ features, values, labels }: Samples, from: number, to: number): Samples => ({
  rows: to - from,
  features,
  values: values.subarray(from * features, to * features),
  labels: labels.subarray(from, to),
});

/** Says of a row which class it is of. */
export type Classifier = (values: Float64Array) => number;

export function accuracy(classifier: Classifier, { rows, features, values, labels }: Samples): number {
  let right = 0;
  for (let row = 0; row < rows; row++)
    if (classifier(values.subarray(row * features, (row + 1) * features)) === labels[row]) right++;
  return right / rows;
}

export interface Trained {
  readonly classifier: Classifier;
  /** Values of rows that were looked at. */
  readonly operations: number;
}
