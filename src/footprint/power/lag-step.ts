import { PowerIntegral, type PowerSeries, robustLine } from '../../maths/index.js';
import type { LagStep } from './lag-course.js';

/**
 * The moment up to which the one lag fits better and from which on the other does: what power shows through either is held
 * against what the reference makes expect, `stepSeconds` by `stepSeconds`. The middle where they can't be told apart.
 */
export function placeOfStep(
  reference: PowerSeries,
  power: PowerSeries,
  { from, to, lagBefore, lagAfter }: LagStep,
  stepSeconds: number,
): number {
  const count = Math.floor((to - from) / stepSeconds);
  const middle = (from + to) / 2;
  const starts = Float64Array.from({ length: Math.max(0, count) }, (_, i) => from + i * stepSeconds);
  const windows = { starts, ends: starts.map((start) => start + stepSeconds) };
  const seen = (series: PowerSeries, lag: number): Float64Array =>
    new PowerIntegral(series).means(windows, -lag, new Float64Array(starts.length));
  const expected = seen(reference, 0);
  const [before, after] = [seen(power, lagBefore), seen(power, lagAfter)];
  const pairs = [...expected.keys()].filter(
    (i) => Number.isFinite(expected[i]) && Number.isFinite(before[i]) && Number.isFinite(after[i]),
  );
  // Either lag is right for a part of the time: what both agree on is how power follows the reference.
  const line = robustLine(
    pairs.map((i) => expected[i] ?? 0),
    pairs.map((i) => ((before[i] ?? 0) + (after[i] ?? 0)) / 2),
  );
  if (line === undefined) return middle;
  const missed = (watts: Float64Array, i: number): number =>
    ((watts[i] ?? 0) - line.offset.value - line.slope.value * (expected[i] ?? 0)) ** 2;
  let rest = pairs.reduce((sum, i) => sum + missed(after, i), 0);
  let [least, place] = [rest, from];
  for (const i of pairs) {
    rest += missed(before, i) - missed(after, i);
    if (rest >= least) continue;
    [least, place] = [rest, (starts[i] ?? 0) + stepSeconds];
  }
  return place;
}
