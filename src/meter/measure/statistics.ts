export interface Statistics {
  readonly count: number;
  readonly mean: number;
  /** Of the sample; undefined for a single value, which has none. */
  readonly standardDeviation: number | undefined;
  /** Half the width of the 95 % confidence interval of the mean (Student's t). */
  readonly confidence95: number | undefined;
}

/** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** Beyond the table the quantile approaches the normal one from above: z + (z³ + z) / 4n, the first term of its expansion. */
function t95(degreesOfFreedom: number): number {
  const z = 1.959964;
  return T95[degreesOfFreedom - 1] ?? z + (z ** 3 + z) / (4 * degreesOfFreedom);
}

export function statistics(values: readonly number[]): Statistics | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { count, mean, standardDeviation: undefined, confidence95: undefined };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardDeviation = Math.sqrt(squares / (count - 1));
  return {
    count,
    mean,
    standardDeviation,
    confidence95: (t95(count - 1) * standardDeviation) / Math.sqrt(count),
  };
}
