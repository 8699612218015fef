import { type MeanRatio, meanRatio } from '../../maths/index.js';
import type { ConfigurationFigures, Scaling } from '../../model/index.js';
import { axisLines, configurationKey, valueOn } from './axes.js';
import { valuesOf } from './observe.js';

const divided = ({ value, low, high }: MeanRatio, by: number): MeanRatio => ({
  value: value / by,
  low: low / by,
  high: high / by,
});

/** Speed-up over the smallest of each line of workers or processors, against what as many times as many could give. */
export function scalings(all: readonly ConfigurationFigures[]): Scaling[] {
  const figures = new Map(all.map((each) => [configurationKey(each.configuration), each]));
  return axisLines(all.map(({ configuration }) => configuration)).flatMap(({ axis, configurations }) => {
    const [base, ...larger] = configurations;
    if (axis === 'memory' || base === undefined) return [];
    const times = (key: string): number[] => valuesOf(figures.get(key)?.metrics.time);
    return larger.flatMap((configuration): Scaling[] => {
      const ideal = valueOn(axis, configuration) / valueOn(axis, base);
      const speedUp = meanRatio(times(configurationKey(configuration)), times(configurationKey(base)));
      if (speedUp === undefined || !Number.isFinite(ideal)) return [];
      return [{ axis, base, configuration, speedUp, ideal, efficiency: divided(speedUp, ideal) }];
    });
  });
}
