import type {
  AxisName,
  Configuration,
  ConfigurationComparison,
  ConfigurationFigures,
  MetricName,
} from '../../model/index.js';
import { axisLines, configurationKey } from './axes.js';
import { differences } from './difference.js';
import { valuesOf } from './observe.js';

/** Carbon goes with energy: testing both would test one thing twice. */
export const TESTED_METRICS: readonly MetricName[] = ['time', 'energy', 'cost'];

interface Chosen {
  readonly from: Configuration;
  readonly to: Configuration;
  readonly kind: 'best' | AxisName;
}

const meanIn = (figures: ConfigurationFigures, metric: MetricName): number =>
  figures.metrics[metric]?.statistics.mean ?? Number.POSITIVE_INFINITY;

/** The configuration that is best by a metric, of those that have it; the first of equals. */
export function bestBy(
  metric: MetricName,
  all: readonly ConfigurationFigures[],
): ConfigurationFigures | undefined {
  return all
    .filter(({ metrics }) => metrics[metric] !== undefined)
    .reduce<ConfigurationFigures | undefined>(
      (best, each) => (best === undefined || meanIn(each, metric) < meanIn(best, metric) ? each : best),
      undefined,
    );
}

function tested(
  metric: MetricName,
  chosen: readonly Chosen[],
  figures: ReadonlyMap<string, ConfigurationFigures>,
  family = chosen.length,
): ConfigurationComparison[] {
  const values = (of: Configuration): number[] =>
    valuesOf(figures.get(configurationKey(of))?.metrics[metric]);
  const found = differences(
    chosen.map(({ from, to }) => ({ from: values(from), to: values(to) })),
    family,
  );
  return chosen.flatMap((pair, index) => {
    const difference = found[index];
    return difference === undefined ? [] : [{ ...pair, metric, difference }];
  });
}

/** The best of each metric against every other configuration, and neighbours along every axis. */
export function compareConfigurations(all: readonly ConfigurationFigures[]): ConfigurationComparison[] {
  const figures = new Map(all.map((each) => [configurationKey(each.configuration), each]));
  const neighbours = axisLines(all.map(({ configuration }) => configuration)).flatMap(
    ({ axis, configurations }) =>
      configurations.slice(1).flatMap((to, index): Chosen[] => {
        const from = configurations[index];
        return from === undefined ? [] : [{ from, to, kind: axis }];
      }),
  );
  return TESTED_METRICS.flatMap((metric) => {
    const best = bestBy(metric, all);
    if (best === undefined) return [];
    const others = all
      .filter((each) => each !== best && each.metrics[metric] !== undefined)
      .map((each): Chosen => ({ from: best.configuration, to: each.configuration, kind: 'best' }));
    // The best was found by looking: each pair could have been that of the best and another.
    const pairs = ((others.length + 1) * others.length) / 2;
    return [...tested(metric, others, figures, pairs), ...tested(metric, neighbours, figures)];
  });
}
