import { median, robustDeviation } from './statistics.js';

/** Fewer values can't tell one that is off from the others' own spread. */
export const LEAST_FOR_OUTLIERS = 5;

/**
 * How many robust deviations from the median a value may lie, by the number of values from which this holds: with normal noise
 * a sample of any size has one marked with a chance of 5 % at most. The usual 3.5 for all sizes marks one in 20 % of samples of
 * five; Tukey's fences do in 33 %. A test repeats the simulation that these figures come from.
 */
const LIMITS: readonly (readonly [from: number, limit: number])[] = [
  [15, 4.4],
  [8, 5],
  [6, 6],
  [LEAST_FOR_OUTLIERS, 8],
];

/** A mean absolute deviation of normal noise is this part of its standard deviation. */
const MEAN_ABSOLUTE = Math.sqrt(2 / Math.PI);

/** Which values lie so far from the others that they are hardly of the same kind. Blind to how many such there are, up to half. */
export function outliers(values: readonly number[]): boolean[] {
  const limit = LIMITS.find(([from]) => values.length >= from)?.[1];
  if (limit === undefined) return values.map(() => false);
  const centre = median(values);
  const distances = values.map((value) => Math.abs(value - centre));
  // Where more than half of the values are equal, the mean distance has to do.
  const deviation =
    robustDeviation(values, centre) ||
    distances.reduce((sum, distance) => sum + distance, 0) / values.length / MEAN_ABSOLUTE;
  return distances.map((distance) => distance > limit * deviation);
}
