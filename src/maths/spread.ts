import { moments } from './moments.js';

/** Two or more values: how many, their mean, and their variance. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** A deviation below this part of the mean is the rounding of equal values. */
const ROUNDING = 1e-13;

/** Undefined for fewer than two values, which have no spread. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const { count, mean, deviation } = moments(values);
  if (count < 2) return undefined;
  return { count, mean, variance: deviation <= ROUNDING * Math.abs(mean) ? 0 : deviation ** 2 };
}

/** Two figures that differ by no more than the rounding of their sums. */
export const isEqual = (a: number, b: number): boolean =>
  Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));
