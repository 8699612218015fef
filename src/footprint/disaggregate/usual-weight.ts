/** What a function usually draws, and how far functions are from it: a part of it. */
export interface UsualWeight {
  readonly watts: number;
  readonly deviation: number;
}

/** Functions are held to differ by at least and at most so much, however few of them were seen. */
const DEVIATION = { least: 0.5, most: 1.5 };
const ROUNDS = 10;

/** The usual weight, and the spread of weights beyond what their errors explain. */
export function usualWeight(weights: Float64Array, errors: Float64Array): UsualWeight {
  const variances = errors.map((error) => Math.max(error, 1e-9) ** 2);
  // First weighed by how well each is known, then by how far functions differ as well.
  let [usual, spread] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    let [sum, total] = [0, 0];
    for (const [k, value] of weights.entries()) {
      const weight = 1 / ((variances[k] ?? 1) + spread);
      sum += weight * value;
      total += weight;
    }
    usual = total > 0 ? sum / total : 0;
    let excess = 0;
    for (const [k, value] of weights.entries()) {
      const square = (value - usual) ** 2;
      excess += square - Math.min(variances[k] ?? 0, square);
    }
    spread = excess / Math.max(1, weights.length - 1);
  }
  const part = usual > 0 ? Math.sqrt(spread) / usual : DEVIATION.most;
  const watts = Math.max(usual, 1e-6);
  // Where the power told of none of them, what is usual is known no better than they are.
  const error = 1 / Math.sqrt(variances.reduce((sum, variance) => sum + 1 / variance, 0));
  const apart = Math.min(DEVIATION.most, Math.max(DEVIATION.least, part));
  return {
    watts,
    deviation: Number.isFinite(error) && error > DEVIATION.most * watts ? error / watts : apart,
  };
}
