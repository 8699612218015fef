import { countForPower, detectableEffect } from '../../maths/index.js';
import type { ConfigurationFigures, MetricName, Sensitivity } from '../../model/index.js';

const ROUNDING = 1e-12;

/** What the repetitions that were made can tell, and how many would tell a difference of `wanted`. */
export function sensitivityOf(
  all: readonly ConfigurationFigures[],
  metric: MetricName,
  wanted: number,
): Sensitivity | undefined {
  const known = all.flatMap(({ metrics }) => {
    const figure = metrics[metric];
    if (figure?.variation === undefined) return [];
    return [{ count: figure.statistics.count, variation: figure.variation }];
  });
  if (known.length < 2) return undefined;
  const degrees = known.reduce((sum, { count }) => sum + count - 1, 0);
  const variation = Math.sqrt(
    known.reduce((sum, each) => sum + (each.count - 1) * each.variation ** 2, 0) / degrees,
  );
  const repetitions = Math.min(...known.map(({ count }) => count));
  // Values without any spread, but for rounding, show every difference, however small.
  if (variation < ROUNDING) return { metric, repetitions, variation, detectable: 0, wanted, needed: 2 };
  const effect = detectableEffect(repetitions);
  const needed = countForPower(wanted / variation);
  return {
    metric,
    repetitions,
    variation,
    ...(effect !== undefined && { detectable: effect * variation }),
    wanted,
    ...(needed !== undefined && { needed }),
  };
}
