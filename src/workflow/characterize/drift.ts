import { groupedBy, holm, tQuantile, tTwoSided } from '../../maths/index.js';
import type { Drift, MetricName, StageSample } from '../../model/index.js';
import { configurationKey } from './axes.js';
import { SIGNIFICANCE } from './difference.js';
import { metricOf } from './observe.js';

interface Point {
  readonly at: number;
  readonly value: number;
}

/**
 * Each group's points about its own mean: what is left when configurations are taken out. Values as logarithms, so that a fall
 * is never of more than all there was.
 */
function withinGroups(groups: Iterable<readonly Point[]>): {
  readonly points: Point[];
  readonly groups: number;
} {
  const points: Point[] = [];
  let count = 0;
  for (const group of groups) {
    const mean = (of: (point: Point) => number): number =>
      group.reduce((sum, point) => sum + of(point), 0) / group.length;
    if (group.length < 2) continue;
    const [at, value] = [mean((point) => point.at), mean((point) => point.value)];
    count++;
    points.push(...group.map((point) => ({ at: point.at - at, value: point.value - value })));
  }
  return { points, groups: count };
}

/** A straight line through what is left, over the whole experiment. Undefined where too little is left to know its error. */
function driftOf(
  samples: readonly StageSample[],
  metric: MetricName,
): Omit<Drift, 'adjustedP' | 'isDrifting'> | undefined {
  const known = samples.flatMap((sample) => {
    const value = metricOf(metric, sample);
    const { startedAt, configuration } = sample;
    return value === undefined || !(value > 0 && Number.isFinite(value)) || startedAt === undefined
      ? []
      : [{ at: startedAt, value: Math.log(value), key: configurationKey(configuration) }];
  });
  const { points, groups } = withinGroups(groupedBy(known, ({ key }) => key).values());
  const degrees = points.length - groups - 1;
  const squares = points.reduce((sum, { at }) => sum + at * at, 0);
  if (degrees < 3 || !(squares > 0)) return undefined;
  const slope = points.reduce((sum, { at, value }) => sum + at * value, 0) / squares;
  const residual = points.reduce((sum, { at, value }) => sum + (value - slope * at) ** 2, 0) / degrees;
  const times = known.map(({ at }) => at);
  const overSeconds = times.reduce((a, b) => Math.max(a, b)) - times.reduce((a, b) => Math.min(a, b));
  const error = Math.sqrt(residual / squares) * overSeconds;
  const change = slope * overSeconds;
  const reach = tQuantile(0.975, degrees) * error;
  const p = error > 0 ? tTwoSided(change / error, degrees) : change === 0 ? 1 : 0;
  return {
    ...{ metric, overSeconds, p },
    ...{ change: Math.expm1(change), low: Math.expm1(change - reach), high: Math.expm1(change + reach) },
  };
}

/** Drift of time and energy. Repetitions must be interleaved for it to be told from what configurations do. */
export function drifts(samples: readonly StageSample[]): Drift[] {
  const metrics: readonly MetricName[] = ['time', 'energy'];
  const found = metrics.flatMap((metric) => driftOf(samples, metric) ?? []);
  const adjusted = holm(found.map(({ p }) => p));
  return found.map((drift, index) => {
    const adjustedP = adjusted[index] ?? 1;
    return { ...drift, adjustedP, isDrifting: adjustedP < SIGNIFICANCE };
  });
}
