import type { Recommendation, StageCharacterisation } from '../../../model/index.js';
import { changeText, configurationText, metricText } from '../../../report/index.js';
import { figureSentence, figuresFor } from './evidence.js';

/** The knee of the front of time, energy and cost: little given up of each. None where the front has no middle. */
export function balanced(stage: StageCharacterisation): Recommendation[] {
  const { metrics, places } = stage.front;
  const knee = places.find(({ isKnee }) => isKnee);
  const figures = knee && figuresFor(stage, knee.configuration);
  if (figures === undefined || figures.repetitions < 2 || metrics.length < 2) return [];
  const front = places.filter(({ dominatedBy }) => dominatedBy.length === 0);
  const sentences = metrics.map((metric, index) => {
    const best = Math.min(...front.map(({ values }) => values[index] ?? Number.POSITIVE_INFINITY));
    const own = knee?.values[index] ?? Number.NaN;
    return best > 0 && own > best
      ? `Its ${metric} is ${changeText(own / best)} against the best of all (${metricText(metric, best)}).`
      : `Nothing has less ${metric}.`;
  });
  return [
    {
      kind: 'balanced',
      stage: stage.stage,
      configuration: figures.configuration,
      about: 'all',
      advice: `A good middle of ${metrics.join(', ')}: ${configurationText(figures.configuration)}.`,
      evidence: [
        `The knee of the Pareto front, which has ${front.length} of ${places.length} configurations: the closest to the best of all, each metric measured from its best to its worst on the front.`,
        ...metrics.map((metric) => figureSentence(metric, figures)),
        ...sentences,
      ],
    },
  ];
}
