import type { ConfigurationFigures, Drift, Sensitivity, StageSample } from '../../model/index.js';
import { percent, pText, seconds } from '../../report/index.js';

const times = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function ofDrift({ metric, change, low, high, overSeconds, adjustedP }: Drift): string {
  const word = change > 0 ? 'grew' : 'fell';
  return `${metric === 'time' ? 'Times' : 'Energies'} ${word} by ${percent(Math.abs(change), 1)} over the ${seconds(overSeconds)} of the experiment (${percent(low, 1)} to ${percent(high, 1)}, p ${adjustedP < 0.001 ? '' : '= '}${pText(adjustedP)}): throttling, neighbours or caches may be in the figures.`;
}

function ofSensitivity(all: readonly Sensitivity[]): string[] {
  return all.flatMap(({ metric, repetitions, needed, wanted, variation, detectable }) => {
    if (needed !== undefined && needed <= repetitions) return [];
    const least =
      detectable === undefined ? '' : ` find differences of ${percent(detectable, 1)} and more, and`;
    const enough = needed === undefined ? 'no reasonable number would' : `${needed} would`;
    return [
      `With a variation of ${percent(variation, 1)} in ${metric}, ${times(repetitions, 'repetition')}${least} can't tell a difference of ${percent(wanted)}: ${enough} (in 8 of 10 experiments).`,
    ];
  });
}

function ofEnergy(samples: readonly StageSample[]): string[] {
  const absent = samples.filter(({ joules }) => joules === undefined).length;
  if (absent === 0) return [];
  return [
    absent === samples.length
      ? 'There are no energies: no source works here, or none was asked.'
      : `${absent} of ${samples.length} repetitions have no energy.`,
  ];
}

function ofOutliers(all: readonly ConfigurationFigures[]): string[] {
  const marked = all.flatMap(
    ({ metrics }) => metrics.time?.observations.filter((each) => each.isOutlier) ?? [],
  );
  if (marked.length === 0) return [];
  return [
    `${times(marked.length, 'repetition')} took a time far from the others of the same configuration: marked, and counted like the others.`,
  ];
}

export interface NoteFacts {
  readonly samples: readonly StageSample[];
  readonly configurations: readonly ConfigurationFigures[];
  readonly drifts: readonly Drift[];
  readonly sensitivities: readonly Sensitivity[];
}

/** What a reader should know before the figures are used. */
export function notesOf({ samples, configurations, drifts, sensitivities }: NoteFacts): string[] {
  const single = configurations.filter(({ repetitions }) => repetitions < 2).length;
  const isTimed = samples.some(({ startedAt }) => startedAt !== undefined);
  return [
    ...(single > 0
      ? [
          `${times(single, 'configuration')} ran once: a single figure has no spread, and is compared with nothing.`,
        ]
      : []),
    ...ofEnergy(samples),
    ...ofOutliers(configurations),
    ...drifts.filter(({ isDrifting }) => isDrifting).map(ofDrift),
    ...(isTimed ? [] : ['When the runs began is not known, so it is not known whether figures drift.']),
    ...ofSensitivity(sensitivities),
  ];
}
