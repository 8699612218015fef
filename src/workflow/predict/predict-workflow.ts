import { ErrorCode, WattloopError } from '../../errors/index.js';
import { type OrderedGraph, orderedGraph, scheduleOf, type WorkflowGraph } from '../../footprint/index.js';
import { seededRandom } from '../../maths/index.js';
import {
  type Configuration,
  OPTIONAL_QUANTITIES,
  type OptionalQuantity,
  type PredictedFigure,
  type StagePrediction,
  type WorkflowPrediction,
} from '../../model/index.js';
import { chanceOf, combined } from './draws.js';
import type { PredictionInput } from './prediction-input.js';
import { type Rates, rated } from './rates.js';
import { stageModel } from './stage-predictor.js';
import type { WorkflowModels } from './train-models.js';

export interface PredictOptions {
  readonly rates?: Rates;
  /** Units of work by stage, where the models count it. */
  readonly work?: Readonly<Record<string, number>>;
  /** The part of the invocations that start cold, 0 with a warm pool; what is usual of a stage when not given. */
  readonly coldShare?: number;
  /** The chance to end in time is told where one is given. */
  readonly deadlineSeconds?: number;
  readonly seed?: number;
}

/** Time, energy, carbon and cost of a run with such configurations. */
export function predictWorkflow(
  graph: WorkflowGraph,
  models: WorkflowModels,
  configurations: Readonly<Record<string, Configuration>>,
  options: PredictOptions = {},
): WorkflowPrediction {
  const stages = graph.stages.map((stage): StagePrediction => {
    const configuration = configurations[stage];
    if (configuration === undefined)
      throw new WattloopError(ErrorCode.badInput, `stage "${stage}" has no configuration to predict`, {
        remedy: 'Give cpu, memory and workers of every stage',
      });
    return predictStage(models, stage, configuration, options);
  });
  return composed(graph, models, stages, options);
}

export function predictStage(
  models: WorkflowModels,
  stage: string,
  configuration: Configuration,
  options: Pick<PredictOptions, 'rates' | 'work' | 'coldShare'> = {},
): StagePrediction {
  const data = models.stages[stage];
  if (data === undefined)
    throw new WattloopError(
      ErrorCode.notFound,
      `nothing is known of stage "${stage}" of "${models.workflow}"`,
      {
        remedy: `Run or characterise it first; known are ${Object.keys(models.stages).join(', ')}`,
      },
    );
  const work = options.work?.[stage];
  const input: PredictionInput = {
    configuration,
    ...(work !== undefined && { work }),
    ...(options.coldShare !== undefined && { coldShare: options.coldShare }),
  };
  return rated(stageModel(data).predict(input), options.rates ?? {});
}

/** A run from its stages' predictions. */
export function composed(
  graph: WorkflowGraph,
  models: WorkflowModels,
  stages: readonly StagePrediction[],
  options: PredictOptions = {},
): WorkflowPrediction {
  const ordered = orderedGraph(graph);
  const random = seededRandom(options.seed ?? 1);
  const { wallSeconds: timeCorrelation, joules: energyCorrelation } = models.runCorrelation;
  const times = stages.map(({ wallSeconds }) => wallSeconds);
  const means = Float64Array.from(times, ({ mean }) => mean);
  const time = combined(times, (values) => endOf(ordered, values), {
    random: random.fork('time'),
    correlation: timeCorrelation,
  });
  const sumOf = (figures: readonly PredictedFigure[], name: string, correlation: number): PredictedFigure =>
    combined(figures, (values) => values.reduce((sum, value) => sum + value, 0), {
      random: random.fork(name),
      correlation,
      mean: figures.reduce((sum, { mean }) => sum + mean, 0),
    }).figure;
  const sums = OPTIONAL_QUANTITIES.flatMap((quantity) => {
    const figures = stages.flatMap((stage) => stage[quantity] ?? []);
    const correlation = quantity === 'costUsd' ? timeCorrelation : energyCorrelation;
    return figures.length < stages.length ? [] : [[quantity, sumOf(figures, quantity, correlation)] as const];
  });
  const processor = stages.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
  const { deadlineSeconds } = options;
  return {
    stages,
    wallSeconds: time.figure,
    criticalPath: criticalPathOf(graph, ordered, means),
    leastSeconds: means.reduce((most, value) => Math.max(most, value), 0),
    ...(processor.length === stages.length && { cpuSeconds: sumOf(processor, 'cpu', timeCorrelation) }),
    ...Object.fromEntries(sums),
    absent: absentOf(stages),
    extrapolations: stages.flatMap(({ stage, extrapolation }) =>
      extrapolation ? [{ stage, reason: extrapolation.reason }] : [],
    ),
    ...(deadlineSeconds !== undefined && {
      deadline: { seconds: deadlineSeconds, chance: chanceOf(time.draws, deadlineSeconds) },
    }),
    notes: notesOf(graph, ordered, models, stages),
  };
}

/** When each stage ends, each beginning once all that it waits for have ended. */
function endsOf({ order, before }: OrderedGraph, seconds: Float64Array): Float64Array {
  const ends = new Float64Array(seconds.length);
  for (const stage of order) {
    let start = 0;
    for (const other of before[stage] ?? []) start = Math.max(start, ends[other] ?? 0);
    ends[stage] = start + (seconds[stage] ?? 0);
  }
  return ends;
}

const endOf = (graph: OrderedGraph, seconds: Float64Array): number =>
  endsOf(graph, seconds).reduce((last, end) => Math.max(last, end), 0);

function criticalPathOf(
  graph: WorkflowGraph,
  ordered: OrderedGraph,
  means: Float64Array,
): WorkflowPrediction['criticalPath'] {
  const spans = Array.from(endsOf(ordered, means), (endSeconds, stage) => ({
    startSeconds: endSeconds - (means[stage] ?? 0),
    endSeconds,
  }));
  const { criticalPath } = scheduleOf(ordered, spans);
  return {
    stages: criticalPath.flatMap((stage) => graph.stages[stage] ?? []),
    seconds: endOf(ordered, means),
  };
}

function absentOf(stages: readonly StagePrediction[]): WorkflowPrediction['absent'] {
  const reasons = OPTIONAL_QUANTITIES.flatMap((quantity): [OptionalQuantity, string][] => {
    const without = stages.find((stage) => stage[quantity] === undefined);
    if (without === undefined) return [];
    return [[quantity, `stage "${without.stage}": ${without.absent[quantity] ?? 'not known'}`]];
  });
  return Object.fromEntries(reasons);
}

function notesOf(
  graph: WorkflowGraph,
  ordered: OrderedGraph,
  models: WorkflowModels,
  stages: readonly StagePrediction[],
): string[] {
  const notes: string[] = [];
  if (graph.edges.length > 0)
    notes.push('stages that begin before all they read is there overlap: the run may then end earlier');
  const processors = Math.min(
    ...Object.values(models.stages).map(({ machine }) => machine.processors ?? Number.POSITIVE_INFINITY),
  );
  const asked = ({ configuration: { cpu, workers } }: StagePrediction): number => cpu * workers;
  for (const [a, b] of sideBySide(ordered)) {
    const [first, second] = [stages[a], stages[b]];
    if (first === undefined || second === undefined || asked(first) + asked(second) <= processors) continue;
    notes.push(
      `stages "${first.stage}" and "${second.stage}" may run side by side and ask for more than the ${processors} processors there are: the run may then end later`,
    );
  }
  return notes;
}

/** Pairs of stages of which neither waits for the other. */
function sideBySide({ order, before }: OrderedGraph): [number, number][] {
  const ancestors: Set<number>[] = [];
  for (const stage of order) {
    const own = new Set<number>();
    for (const other of before[stage] ?? [])
      for (const one of [other, ...(ancestors[other] ?? [])]) own.add(one);
    ancestors[stage] = own;
  }
  return order.flatMap((a, i) =>
    order
      .slice(i + 1)
      .filter((b) => !ancestors[b]?.has(a))
      .map((b): [number, number] => [a, b]),
  );
}
