import type {
  Configuration,
  ConfigurationComparison,
  ConfigurationFigures,
  MetricName,
  Recommendation,
  StageCharacterisation,
} from '../../../model/index.js';
import { changeText, configurationText, percent } from '../../../report/index.js';
import { bestBy } from '../compare-configurations.js';
import { comparisonSentence, figureSentence, figuresFor } from './evidence.js';
import { againstBest } from './extremes.js';

/** A difference that wasn't found may still be there: how slow the other may be at most, with 95 % confidence. */
const AT_MOST = 1.1;

interface Price {
  readonly metric: MetricName | undefined;
  of(figures: ConfigurationFigures): number;
}

const processors = ({ workers, cpu }: Configuration): number => workers * cpu;

/** What is saved is money, where that is known and differs; else energy; else processors and memory. */
function pricesOf(stage: StageCharacterisation): Price[] {
  const known = (['cost', 'energy'] as const).filter((metric) =>
    stage.configurations.every(({ metrics }) => metrics[metric] !== undefined),
  );
  return [
    ...known.map((metric) => ({
      metric,
      of: ({ metrics }: ConfigurationFigures) => metrics[metric]?.statistics.mean ?? Number.NaN,
    })),
    { metric: undefined, of: ({ configuration }) => processors(configuration) },
    { metric: undefined, of: ({ configuration }) => configuration.workers * configuration.memoryMib },
  ];
}

const likeTheBest = ({ difference }: ConfigurationComparison): boolean =>
  !difference.isSignificant && difference.ratio !== undefined && difference.ratio.high <= AT_MOST;

/** Of those that are as fast as the fastest, as far as can be told, the one that takes least else. */
export function noDifference(stage: StageCharacterisation): Recommendation[] {
  const fastest = bestBy('time', stage.configurations);
  const alike = againstBest(stage, 'time').filter(likeTheBest);
  if (fastest === undefined) return [];
  for (const price of pricesOf(stage)) {
    const cheaper = alike
      .flatMap((comparison) => {
        const figures = figuresFor(stage, comparison.to);
        return figures === undefined ? [] : [{ comparison, figures, price: price.of(figures) }];
      })
      .sort((a, b) => a.price - b.price)[0];
    const own = price.of(fastest);
    // A hundredth saved is no reason.
    if (cheaper === undefined || !(cheaper.price < 0.99 * own)) continue;
    const { metric } = price;
    const saved =
      metric === undefined
        ? `${configurationText(cheaper.figures.configuration)} instead of ${configurationText(fastest.configuration)}`
        : `${changeText(cheaper.price / own)} ${metric} against it`;
    const bound = cheaper.comparison.difference.ratio?.high ?? Number.NaN;
    return [
      {
        kind: 'no-difference',
        stage: stage.stage,
        configuration: cheaper.figures.configuration,
        instead: fastest.configuration,
        about: metric ?? 'all',
        advice: `As fast as the fastest, as far as can be told, and cheaper: ${configurationText(cheaper.figures.configuration)}.`,
        evidence: [
          figureSentence('time', fastest),
          figureSentence('time', cheaper.figures),
          comparisonSentence(cheaper.comparison),
          `With 95 % confidence it takes at most ${percent(Math.max(0, bound - 1), 1)} more time than the fastest.`,
          `What is saved: ${saved}.`,
        ],
      },
    ];
  }
  return [];
}
