import { descend } from './dual-descent.js';
import { type LinearFit, type LinearRows, momentsOf, pickRows, soundRows } from './linear-rows.js';
import { median, robustDeviation } from './statistics.js';

export interface LinearSvrOptions {
  /** How far a row may be off for nothing, in units of the target. */
  readonly epsilon: number;
  /** What a row costs that is further off, beside half the square of the coefficients (all scaled to deviation 1). */
  readonly cost?: number;
  /** Whether coefficients may not be negative (the intercept may). */
  readonly nonNegative?: boolean;
  /** The part of the objective up to which it may miss the least one. */
  readonly tolerance?: number;
  readonly maxRounds?: number;
  /** Determines the order in which rows are looked at: the same seed gives the same fit. */
  readonly seed?: number;
}

export interface LinearSvrFit extends LinearFit {
  /** How far the objective is above the least one at most, relative to it. */
  readonly gap: number;
  readonly rounds: number;
  /** Rows that were sound. */
  readonly count: number;
}

/**
 * Linear support vector regression: the flattest line that most rows are within `epsilon` of; a row further off pulls
 * with the same force however far. Features and target are scaled to deviation 1 for the search (the target's without wild rows). Features that never
 * change get 0. Undefined with fewer sound rows than features and intercept.
 */
export function linearSvr(all: LinearRows, options: LinearSvrOptions): LinearSvrFit | undefined {
  const { epsilon, cost = 1, nonNegative = false, tolerance = 1e-3, maxRounds = 1000, seed = 1 } = options;
  const { features, target, weights } = pickRows(all, soundRows(all));
  const [width, count] = [features.length, target.length];
  if (count < width + 1) return undefined;
  const scales = features.map((column) => momentsOf(column, weights));
  const centre = median(target);
  // Wild rows must not decide what a large miss is.
  const unit = robustDeviation([...target], centre) || momentsOf(target, weights).deviation || 1;
  const rows = new Float64Array(count * width);
  for (const [k, { mean, deviation }] of scales.entries())
    if (deviation > 0)
      for (let row = 0; row < count; row++)
        rows[row * width + k] = ((features[k]?.[row] ?? 0) - mean) / deviation;
  const scaledTarget = target.map((value) => (value - centre) / unit);
  const { coefficients, intercept, gap, rounds } = descend(
    {
      rows,
      width,
      target: scaledTarget,
      costs: new Float64Array(count).fill(cost).map((value, row) => value * (weights?.[row] ?? 1)),
      epsilon: epsilon / unit,
      nonNegative,
    },
    0,
    { tolerance, maxRounds, seed },
  );
  const own = coefficients.map((value, k) => {
    const deviation = scales[k]?.deviation ?? 0;
    return deviation > 0 ? (value * unit) / deviation : 0;
  });
  return {
    coefficients: own,
    intercept: own.reduce(
      (rest, value, k) => rest - value * (scales[k]?.mean ?? 0),
      centre + unit * intercept,
    ),
    gap,
    rounds,
    count,
  };
}
