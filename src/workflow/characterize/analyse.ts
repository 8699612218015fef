import { ErrorCode, WattloopError } from '../../errors/index.js';
import { groupedBy } from '../../maths/index.js';
import {
  type Characterisation,
  type ConfigurationFigures,
  type MetricName,
  type StageCharacterisation,
  type StageSample,
  WHOLE_RUN,
} from '../../model/index.js';
import { axisLines, configurationKey, inOrder } from './axes.js';
import { compareConfigurations } from './compare-configurations.js';
import { configurationFigures } from './configuration-figures.js';
import { drifts } from './drift.js';
import { comparableEnergies } from './energy-source.js';
import { paretoFront } from './front.js';
import { notesOf } from './notes.js';
import { ordered } from './observe.js';
import { scalings } from './scaling.js';
import { sensitivityOf } from './sensitivity.js';

export interface AnalyseOptions {
  /** The relative difference between configurations that the experiment should be able to tell; 0.05 when not given. */
  readonly difference?: number;
}

const DEFAULT_DIFFERENCE = 0.05;

function figuresOf(samples: readonly StageSample[], countsWork: boolean): ConfigurationFigures[] {
  return [...groupedBy(samples, ({ configuration }) => configurationKey(configuration)).values()]
    .flatMap((group) => configurationFigures(group, countsWork) ?? [])
    .sort((a, b) => inOrder(a.configuration, b.configuration));
}

function stageCharacterisation(
  stage: string,
  all: readonly StageSample[],
  wanted: number,
): StageCharacterisation {
  const { samples, sources, note } = comparableEnergies(ordered(all));
  const counted = samples.filter(({ warmUp }) => !warmUp);
  const countsWork = counted.length > 0 && counted.every(({ work }) => work !== undefined && work > 0);
  const configurations = figuresOf(samples, countsWork);
  const found = drifts(counted);
  const asked: readonly MetricName[] = ['time', 'energy'];
  const sensitivities = asked.flatMap((metric) => sensitivityOf(configurations, metric, wanted) ?? []);
  return {
    stage,
    configurations,
    lines: axisLines(configurations.map(({ configuration }) => configuration)),
    comparisons: compareConfigurations(configurations),
    scaling: scalings(configurations),
    front: paretoFront(configurations),
    drifts: found,
    sensitivities,
    energySources: sources,
    notes: [
      ...(note === undefined ? [] : [note]),
      ...notesOf({ samples: counted, configurations, drifts: found, sensitivities }),
    ],
  };
}

/** In the order in which they are first met in a run, as far as that is known; the whole run before all. */
function stagesOf(samples: readonly StageSample[]): [string, StageSample[]][] {
  const firstStart = (group: readonly StageSample[]): number =>
    group.reduce(
      (least, { startedAt = Number.POSITIVE_INFINITY }) => Math.min(least, startedAt),
      Number.POSITIVE_INFINITY,
    );
  return [...groupedBy(samples, ({ stage }) => stage)].sort(([a, left], [b, right]) => {
    if (a === WHOLE_RUN || b === WHOLE_RUN) return a === WHOLE_RUN ? -1 : 1;
    const [one, other] = [firstStart(left), firstStart(right)];
    return one < other ? -1 : one > other ? 1 : a < b ? -1 : 1;
  });
}

/** What the repetitions of one workflow over a grid of configurations show, stage by stage. The order of the samples does not matter. */
export function analyse(
  samples: readonly StageSample[],
  { difference = DEFAULT_DIFFERENCE }: AnalyseOptions = {},
): Characterisation {
  const workflows = [...new Set(samples.map(({ workflow }) => workflow))].sort();
  const [workflow, ...others] = workflows;
  if (workflow === undefined || others.length > 0)
    throw new WattloopError(
      ErrorCode.badInput,
      workflow === undefined
        ? 'There are no samples to analyse'
        : `Samples of several workflows can't be analysed as one: ${workflows.join(', ')}`,
      { remedy: workflow === undefined ? 'Run the workflow first' : 'Give the samples of one workflow' },
    );
  return {
    workflow,
    stages: stagesOf(samples).map(([stage, group]) => stageCharacterisation(stage, group, difference)),
  };
}
