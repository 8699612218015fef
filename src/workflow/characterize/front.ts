import { dominators, kneeOf, welchTest } from '../../maths/index.js';
import type { ConfigurationFigures, MetricName, ParetoFront } from '../../model/index.js';
import { TESTED_METRICS } from './compare-configurations.js';
import { SIGNIFICANCE } from './difference.js';
import { valuesOf } from './observe.js';

/** Whether a configuration is better than another by some metric beyond chance, among so many pairs that could be asked about. */
const isSurelyBetter = (
  one: ConfigurationFigures,
  other: ConfigurationFigures,
  metrics: readonly MetricName[],
  tests: number,
): boolean =>
  metrics.some((metric) => {
    const test = welchTest(valuesOf(one.metrics[metric]), valuesOf(other.metrics[metric]));
    return test !== undefined && test.difference > 0 && test.p * tests < SIGNIFICANCE;
  });

/** Which configurations nobody beats in time, energy and cost together, and who beats the others. */
export function paretoFront(all: readonly ConfigurationFigures[]): ParetoFront {
  const metrics = TESTED_METRICS.filter((metric) => all.every((each) => each.metrics[metric] !== undefined));
  const points = all.map((each) =>
    metrics.map((metric) => each.metrics[metric]?.statistics.mean ?? Number.NaN),
  );
  const beatenBy = dominators(points);
  const front = points.flatMap((_, index) => (beatenBy[index]?.length === 0 ? [index] : []));
  const knee = kneeOf(front.map((index) => points[index] ?? []));
  const pairs = (metrics.length * all.length * (all.length - 1)) / 2;
  const places = all.map((each, index) => {
    const better = (beatenBy[index] ?? []).flatMap((other) => all[other] ?? []);
    return {
      configuration: each.configuration,
      values: points[index] ?? [],
      dominatedBy: better.map(({ configuration }) => configuration),
      isSurelyDominated: better.some((other) => isSurelyBetter(other, each, metrics, pairs)),
      isKnee: knee !== undefined && front[knee] === index,
    };
  });
  return { metrics, places };
}
