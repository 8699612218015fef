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
  return {
    watts: Math.max(usual, 1e-6),
    deviation: Math.min(DEVIATION.most, Math.max(DEVIATION.least, part)),
  };
}
