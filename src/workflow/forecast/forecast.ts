import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Knowledge } from '../../knowledge/index.js';
import type {
  ChosenConfigurations,
  Configuration,
  ConfigurationChoice,
  MetricName,
  WorkflowPrediction,
} from '../../model/index.js';
import type { Override, ResolvedStage } from '../define/resolve.js';
import { candidatesOf } from '../optimize/candidates.js';
import { optimize } from '../optimize/optimize.js';
import { predictWorkflow } from '../predict/predict-workflow.js';
import { trainModels, type WorkflowModels } from '../predict/train-models.js';
import { stagesWithFixedWorkers } from './workers-fixed.js';
import { workflowGraph } from './workflow-graph.js';

/** What is asked of a choice. */
export interface Wishes {
  readonly objective: MetricName;
  readonly deadlineSeconds?: number;
  readonly budgetUsd?: number;
  readonly energyBudgetJoules?: number;
  readonly carbonBudgetGrams?: number;
  readonly allowExtrapolation?: boolean;
}

export interface ForecastOptions {
  /** Units of work by stage; what is usual, when not given. */
  readonly work?: Readonly<Record<string, number>>;
  readonly deadlineSeconds?: number;
}

/** Foretells runs of a workflow from what earlier ones took. */
export class Forecast {
  readonly models: WorkflowModels;

  constructor(models: WorkflowModels) {
    this.models = models;
  }

  /** Learns from all runs that are kept of a workflow, and keeps what was learnt. */
  static learn(workflow: string, knowledge: Knowledge, trainedAt: number): Forecast {
    const samples = knowledge.stageSamples({ workflow });
    if (samples.length === 0)
      throw new WattloopError(ErrorCode.badInput, `no run of the workflow "${workflow}" is kept here`, {
        remedy: 'Run it under a few configurations first: wattloop characterize WORKFLOW --workers 1,2,4',
      });
    const models = trainModels(samples);
    knowledge.saveModel({ workflow, kind: 'stages', trainedAt, data: models });
    return new Forecast(models);
  }

  predict(stages: readonly ResolvedStage[], options: ForecastOptions = {}): WorkflowPrediction {
    const configurations = Object.fromEntries(
      stages.map(({ definition, configuration }) => [definition.name, configuration]),
    );
    return predictWorkflow(workflowGraph(stages), this.models, configurations, options);
  }

  choose(
    stages: readonly ResolvedStage[],
    wishes: Wishes,
    options: ForecastOptions = {},
  ): ConfigurationChoice {
    return optimize({
      ...wishes,
      ...(options.work && { work: options.work }),
      graph: workflowGraph(stages),
      models: this.models,
      candidates: this.#candidates(stages),
    });
  }

  /** What was tried of each stage, as far as it fits those that it works with. */
  #candidates(stages: readonly ResolvedStage[]): Record<string, Configuration[]> {
    const fixed = stagesWithFixedWorkers(stages);
    return Object.fromEntries(
      stages.flatMap(({ definition: { name }, configuration }) => {
        const data = this.models.stages[name];
        if (data === undefined) return [];
        const all = candidatesOf(data);
        const own = all.filter(({ workers }) => !fixed.has(name) || workers === configuration.workers);
        return [[name, own.length > 0 ? own : [configuration]]];
      }),
    );
  }
}

/** What a choice says of each stage, as a run takes it. */
export function configurationsChosen(choice: ChosenConfigurations): Record<string, Override> {
  return Object.fromEntries(choice.stages.map(({ stage, prediction }) => [stage, prediction.configuration]));
}
