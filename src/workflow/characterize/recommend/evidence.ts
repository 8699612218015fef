import type {
  Configuration,
  ConfigurationComparison,
  ConfigurationFigures,
  MetricName,
  StageCharacterisation,
} from '../../../model/index.js';
import { configurationText, effectText, meanText, pText, ratioText } from '../../../report/index.js';
import { configurationKey } from '../axes.js';

const VERB: Readonly<Record<MetricName, string>> = {
  time: 'takes',
  energy: 'uses',
  cost: 'costs',
  carbon: 'emits',
};

/** `4 workers, 1 CPU, 256 MiB takes 1.23 ± 0.04 s (mean and 95 % interval, n = 5)`. */
export function figureSentence(metric: MetricName, { configuration, metrics }: ConfigurationFigures): string {
  const figure = metrics[metric];
  return `${configurationText(configuration)}: ${VERB[metric]} ${meanText(metric, figure)} (mean and 95 % interval, n = ${figure?.statistics.count ?? 0}).`;
}

/** How the second of a comparison differs from the first, with what shows that it is not chance, or that it may be. */
export function comparisonSentence({ metric, to, difference }: ConfigurationComparison): string {
  return `${configurationText(to)}: ${metric} ${ratioText(difference)} against it, Welch p ${pEqual(difference.p)} (with Holm's correction ${pText(difference.adjustedP)}), d ${effectText(difference)}, n = ${difference.counts.join(' and ')}.`;
}

const pEqual = (p: number): string => (p < 0.001 ? pText(p) : `= ${pText(p)}`);

const isSame = (a: Configuration, b: Configuration): boolean => configurationKey(a) === configurationKey(b);

export const figuresFor = (
  { configurations }: StageCharacterisation,
  wanted: Configuration,
): ConfigurationFigures | undefined =>
  configurations.find(({ configuration }) => isSame(configuration, wanted));
