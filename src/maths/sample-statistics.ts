import { tQuantile } from './student-t.js';

export interface Statistics {
  readonly count: number;
  readonly mean: number;
  /** Of the sample; undefined for a single value, which has none. */
  readonly standardDeviation: number | undefined;
  /** Half the width of the 95 % confidence interval of the mean (Student's t). */
  readonly confidence95: number | undefined;
}

const T95 = new Map<number, number>();

/** The two-sided 95 % quantile of Student's t. Degrees of freedom are counts here, few and asked for often. */
function t95(degreesOfFreedom: number): number {
  const known = T95.get(degreesOfFreedom);
  if (known !== undefined) return known;
  const found = tQuantile(0.975, degreesOfFreedom);
  T95.set(degreesOfFreedom, found);
  return found;
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

/** The deviation as a part of the mean; undefined where either can't be had, or the mean is 0. */
export function coefficientOfVariation({ mean, standardDeviation }: Statistics): number | undefined {
  return standardDeviation === undefined || mean === 0 ? undefined : standardDeviation / Math.abs(mean);
}
