import { ErrorCode, WattloopError } from '../../errors/index.js';
import {
  type Configuration,
  type MetricName,
  STAGE_DIMENSIONS,
  type StagePrediction,
} from '../../model/index.js';
import { type PredictOptions, predictStage } from '../predict/predict-workflow.js';
import type { StageModelData } from '../predict/stage-model.js';
import type { WorkflowModels } from '../predict/train-models.js';
import type { Option } from './problem.js';

/** More combinations than this are not made up: then only what was seen is offered. */
const MOST_COMBINATIONS = 400;

/** What a stage may be run with when nobody says: each combination of the values seen that lies within what was seen. */
export function candidatesOf({ seen, cells }: StageModelData): Configuration[] {
  const values = (of: (cell: Configuration) => number): number[] =>
    [...new Set(cells.map(of))].sort((a, b) => a - b);
  const [cpus, memories, workers] = [
    values(({ cpu }) => cpu),
    values(({ memoryMib }) => memoryMib),
    values((cell) => cell.workers),
  ];
  const own = cells.map(({ cpu, memoryMib, workers: count }) => ({ cpu, memoryMib, workers: count }));
  const count = cpus.length * memories.length * workers.length;
  const isVaried = STAGE_DIMENSIONS.filter((name) => seen[name][1] > seen[name][0]).length > 1;
  if (!isVaried || count > MOST_COMBINATIONS) return distinct(own);
  return cpus.flatMap((cpu) =>
    memories.flatMap((memoryMib) => workers.map((each) => ({ cpu, memoryMib, workers: each }))),
  );
}

const distinct = (configurations: readonly Configuration[]): Configuration[] => [
  ...new Map(configurations.map((own) => [`${own.cpu} ${own.memoryMib} ${own.workers}`, own])).values(),
];

/** What adds up over the stages, in the order in which the search has it. */
export const AMOUNTS = ['joules', 'costUsd', 'carbonGrams'] as const;
export type Amount = (typeof AMOUNTS)[number];

export const AMOUNT_OF: Readonly<Record<Exclude<MetricName, 'time'>, Amount>> = {
  energy: 'joules',
  cost: 'costUsd',
  carbon: 'carbonGrams',
};

export interface StageCandidates {
  readonly stage: string;
  readonly predictions: readonly StagePrediction[];
  readonly options: readonly Option[];
  /** Those that were not considered as they lie beyond what was seen. */
  readonly leftOut: readonly StagePrediction[];
}

export interface CandidateRequest extends Pick<PredictOptions, 'rates' | 'work' | 'coldShare'> {
  readonly models: WorkflowModels;
  readonly candidates?: Readonly<Record<string, readonly Configuration[]>>;
  readonly allowExtrapolation?: boolean;
}

/** Predicts every candidate of a stage. Throws where an amount that matters is not known of one. */
export function stageCandidates(
  request: CandidateRequest,
  stage: string,
  needed: readonly Amount[],
): StageCandidates {
  const { models, candidates, allowExtrapolation = false } = request;
  const data = models.stages[stage];
  const configurations = candidates?.[stage] ?? (data ? candidatesOf(data) : []);
  const all = configurations.map((configuration) => predictStage(models, stage, configuration, request));
  if (data === undefined || all.length === 0)
    throw new WattloopError(
      ErrorCode.badInput,
      data
        ? `stage "${stage}" has no candidates`
        : `nothing is known of stage "${stage}" of "${models.workflow}"`,
      { remedy: data ? 'Give at least one configuration' : 'Run or characterise the workflow first' },
    );
  for (const amount of needed) {
    const without = all.find((prediction) => prediction[amount] === undefined);
    if (without)
      throw new WattloopError(
        ErrorCode.badInput,
        `the ${NAMES[amount]} of stage "${stage}" is not known: ${without.absent[amount] ?? 'no sample tells it'}`,
        { remedy: REMEDIES[amount] },
      );
  }
  const predictions = allowExtrapolation
    ? all
    : all.filter(({ extrapolation }) => extrapolation === undefined);
  return {
    stage,
    predictions,
    options: predictions.map((prediction) => ({
      seconds: prediction.wallSeconds.mean,
      amounts: AMOUNTS.map((amount) => prediction[amount]?.mean ?? Number.NaN),
    })),
    leftOut: allowExtrapolation ? [] : all.filter(({ extrapolation }) => extrapolation !== undefined),
  };
}

const NAMES: Readonly<Record<Amount, string>> = { joules: 'energy', costUsd: 'cost', carbonGrams: 'carbon' };
const REMEDIES: Readonly<Record<Amount, string>> = {
  joules: '"wattloop doctor" says which sources of energy work here',
  costUsd: 'Give a table of prices',
  carbonGrams:
    'Give the carbon intensity of the grid, and see with "wattloop doctor" which sources of energy work here',
};
