import type {
  ConfigurationComparison,
  MetricName,
  Recommendation,
  StageCharacterisation,
} from '../../../model/index.js';
import { configurationText } from '../../../report/index.js';
import { bestBy } from '../compare-configurations.js';
import { comparisonSentence, figureSentence } from './evidence.js';

/** Comparisons that evidence names in full; the rest are counted. */
const NAMED_AT_MOST = 3;

const BEST = [
  { metric: 'time', kind: 'fastest', word: 'The fastest' },
  { metric: 'energy', kind: 'least-energy', word: 'The least energy' },
  { metric: 'cost', kind: 'cheapest', word: 'The cheapest' },
] as const;

/** The best of a metric against all others, closest first. */
export const againstBest = (stage: StageCharacterisation, metric: MetricName): ConfigurationComparison[] =>
  stage.comparisons
    .filter((each) => each.metric === metric && each.kind === 'best')
    .sort((a, b) => a.difference.means[1] - b.difference.means[1]);

/** The best by each metric, where at least one other is worse beyond chance. Those that can't be told from it are named with it. */
export function extremes(stage: StageCharacterisation): Recommendation[] {
  return BEST.flatMap(({ metric, kind, word }): Recommendation[] => {
    const best = bestBy(metric, stage.configurations);
    const comparisons = againstBest(stage, metric);
    const worse = comparisons.filter(({ difference }) => difference.isSignificant);
    if (best === undefined || worse.length === 0) return [];
    const like = comparisons.filter(({ difference }) => !difference.isSignificant);
    const untold =
      like.length === 0
        ? ''
        : `; ${like.length === 1 ? 'one other' : `${like.length} others`} can't be told from it`;
    const named = [...like.slice(0, NAMED_AT_MOST), ...worse.slice(0, NAMED_AT_MOST)];
    const left = comparisons.length - named.length;
    return [
      {
        kind,
        stage: stage.stage,
        configuration: best.configuration,
        about: metric,
        advice: `${word}: ${configurationText(best.configuration)}${untold}.`,
        evidence: [
          figureSentence(metric, best),
          ...named.map(comparisonSentence),
          ...(left > 0
            ? [
                `${left} more comparisons of this kind: ${worse.length} of all ${comparisons.length} are significant.`,
              ]
            : []),
        ],
      },
    ];
  });
}
