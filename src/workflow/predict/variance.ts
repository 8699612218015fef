import { robustDeviation, tQuantile } from '../../maths/index.js';

export interface Repetitions {
  /** Of the logarithms, within a configuration. */
  readonly variance: number;
  /** How many differences that is known from. */
  readonly freedom: number;
}

/** Beyond so many deviations a repetition counts as if it were there: one disturbed run says little of the others. */
const CLIP = 3;

/** How much repetitions of the same differ: pooled over configurations. */
export function repetitionVariance(
  cells: readonly { readonly centre: number; readonly logarithms: readonly number[] }[],
): Repetitions {
  const freedom = cells.reduce((sum, { logarithms }) => sum + logarithms.length - 1, 0);
  if (freedom === 0) return { variance: 0, freedom };
  const left = cells.flatMap(({ centre, logarithms }) =>
    logarithms.length < 2
      ? []
      : logarithms.map((value) => (value - centre) * Math.sqrt(logarithms.length / (logarithms.length - 1))),
  );
  const limit = CLIP * robustDeviation(left, 0) || Number.POSITIVE_INFINITY;
  const squares = left.reduce((sum, value) => sum + Math.min(Math.abs(value), limit) ** 2, 0);
  return { variance: squares / left.length, freedom };
}

/**
 * How much configurations differ from the law beyond what repetitions explain: the variance that makes the weighted
 * squares as large as they should be (Paule and Mandel).
 */
export function configurationVariance(
  residuals: readonly number[],
  own: readonly number[],
  terms: number,
): number {
  const expected = Math.max(1, residuals.length - terms);
  const squares = (variance: number): number => {
    let sum = 0;
    for (let i = 0; i < residuals.length; i++) sum += (residuals[i] ?? 0) ** 2 / (variance + (own[i] ?? 0));
    return sum;
  };
  let [low, high] = [0, residuals.reduce((sum, value) => sum + value ** 2, 0) / expected];
  if (high === 0 || squares(0) <= expected) return 0;
  for (let round = 0; round < 24; round++) {
    const middle = (low + high) / 2;
    if (squares(middle) > expected) low = middle;
    else high = middle;
  }
  return high;
}

/** The 97.5 % point of Student's distribution; below two degrees of freedom that of two. */
export const studentPoint = (freedom: number): number => tQuantile(0.975, Math.max(2, freedom));
