import { coefficientOfVariation, outliers, statistics } from '../../maths/index.js';
import type { MetricName, RepeatedFigure, StageSample } from '../../model/index.js';
import { inOrder } from './axes.js';

/** What a sample says of a metric. */
export const metricOf = (metric: MetricName, sample: StageSample): number | undefined => {
  switch (metric) {
    case 'time':
      return sample.wallSeconds;
    case 'energy':
      return sample.joules;
    case 'cost':
      return sample.costUsd;
    case 'carbon':
      return sample.carbonGrams;
  }
};

const byRepetition = (a: StageSample, b: StageSample): number =>
  a.repetition - b.repetition ||
  (a.run < b.run ? -1 : Number(a.run > b.run)) ||
  inOrder(a.configuration, b.configuration);

/** Repetitions in their order, whatever order they came in, so that sums of them are the same to the last digit. */
export const ordered = (samples: readonly StageSample[]): StageSample[] => [...samples].sort(byRepetition);

/** A figure over all samples that have it; undefined where none has. */
export function repeated(
  samples: readonly StageSample[],
  of: (sample: StageSample) => number | undefined,
): RepeatedFigure | undefined {
  const known = samples.flatMap((sample) => {
    const value = of(sample);
    return value !== undefined && Number.isFinite(value) ? [{ sample, value }] : [];
  });
  const values = known.map(({ value }) => value);
  const found = statistics(values);
  if (found === undefined) return undefined;
  const marked = outliers(values);
  const variation = coefficientOfVariation(found);
  return {
    statistics: found,
    ...(variation !== undefined && { variation }),
    observations: known.map(({ sample: { run, repetition }, value }, index) => ({
      run,
      repetition,
      value,
      isOutlier: marked[index] ?? false,
    })),
  };
}

export const valuesOf = (figure: RepeatedFigure | undefined): number[] =>
  figure?.observations.map(({ value }) => value) ?? [];
