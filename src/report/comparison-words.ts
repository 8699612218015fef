import type { MatchedComparison, SetComparison, Unmatched } from '../model/index.js';
import { stageTitle } from './characterisation-words.js';
import { configurationText, effectText, metricText, pText, ratioText } from './difference-words.js';

/** The head of the table of a comparison of two sets, and one row of it. */
export const comparisonHead = ({ labels }: SetComparison): string[] => [
  'metric',
  ...labels,
  'change (95 %)',
  'p (Holm)',
  'Cohen’s d (95 %)',
];

export const comparisonRow = ({ metric, difference }: MatchedComparison): string[] => [
  metric,
  metricText(metric, difference.means[0]),
  metricText(metric, difference.means[1]),
  ratioText(difference),
  `${pText(difference.adjustedP)}${difference.isSignificant ? ' *' : ''}`,
  effectText(difference),
];

export const unmatchedText = ({ stage, configuration, metric, reason }: Unmatched): string =>
  `${stageTitle(stage)}, ${configurationText(configuration)}${metric === undefined ? '' : `, ${metric}`}: ${reason}`;
