import type { Samples, Trained } from './samples.js';

const STEP = 1;
const SHRINK = 1e-4;

/** How likely each row is of the second class follows a plane, found by going down the slope of the error. */
export function logisticRegression({ rows, features, values, labels }: Samples, rounds: number): Trained {
  const weights = new Float64Array(features);
  const slope = new Float64Array(features);
  let bias = 0;
  for (let round = 0; round < rounds; round++) {
    slope.fill(0);
    let biasSlope = 0;
    for (let row = 0; row < rows; row++) {
      const from = row * features;
      let side = bias;
      for (let feature = 0; feature < features; feature++)
        side += (weights[feature] ?? 0) * (values[from + feature] ?? 0);
      const error = 1 / (1 + Math.exp(-side)) - (labels[row] ?? 0);
      biasSlope += error;
      for (let feature = 0; feature < features; feature++)
        slope[feature] = (slope[feature] ?? 0) + error * (values[from + feature] ?? 0);
    }
    bias -= (STEP * biasSlope) / rows;
    for (let feature = 0; feature < features; feature++) {
      const weight = weights[feature] ?? 0;
      weights[feature] = weight - STEP * ((slope[feature] ?? 0) / rows + SHRINK * weight);
    }
  }
  return {
    classifier: (row) => {
      let side = bias;
      for (let feature = 0; feature < features; feature++)
        side += (weights[feature] ?? 0) * (row[feature] ?? 0);
      return Number(side > 0);
    },
    operations: 2 * rounds * rows * features,
  };
}
