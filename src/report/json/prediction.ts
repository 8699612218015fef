import type {
  ConfigurationChoice,
  GivenUp,
  ModelErrors,
  PredictedFigure,
  StagePrediction,
  WorkflowPrediction,
} from '../../model/index.js';
import { figure } from './figure.js';

const figureJson = (predicted: PredictedFigure | undefined): object | null =>
  predicted === undefined
    ? null
    : {
        mean: figure(predicted.mean),
        deviation: figure(predicted.deviation),
        low_95: figure(predicted.interval95.low),
        high_95: figure(predicted.interval95.high),
      };

const errorsJson = (errors: ModelErrors | undefined): object | null =>
  errors === undefined
    ? null
    : {
        median: figure(errors.median),
        percentile_90: figure(errors.percentile90),
        coverage_95: figure(errors.coverage),
      };

const configurationJson = ({ cpu, memoryMib, workers }: StagePrediction['configuration']): object => ({
  cpu,
  memory_mib: memoryMib,
  workers,
});

/** Reasons by the names that the document has. */
const absentJson = ({ joules, carbonGrams, costUsd }: StagePrediction['absent']): object => ({
  ...(joules !== undefined && { joules }),
  ...(carbonGrams !== undefined && { carbon_grams: carbonGrams }),
  ...(costUsd !== undefined && { cost_usd: costUsd }),
});

/** Of each dimension what was asked for and the range seen. */
const extrapolationJson = ({ extrapolation }: StagePrediction): object | null =>
  extrapolation === undefined
    ? null
    : {
        reason: extrapolation.reason,
        dimensions: extrapolation.dimensions.map(({ name, value, low, high }) => ({
          name: name === 'memoryMib' ? 'memory_mib' : name,
          value,
          seen: [low, high],
        })),
      };

const stageJson = (stage: StagePrediction): object => ({
  name: stage.stage,
  configuration: configurationJson(stage.configuration),
  work: stage.work ?? null,
  wall_seconds: figureJson(stage.wallSeconds),
  cpu_seconds: figureJson(stage.cpuSeconds),
  cold_start_seconds: figureJson(stage.phases.cold_start),
  read_seconds: figureJson(stage.phases.read),
  compute_seconds: figureJson(stage.phases.compute),
  write_seconds: figureJson(stage.phases.write),
  joules: figureJson(stage.joules),
  carbon_grams: figureJson(stage.carbonGrams),
  cost_usd: figureJson(stage.costUsd),
  absent: absentJson(stage.absent),
  source: stage.source ?? null,
  // The model's; what it learnt from was measured, modelled or estimated itself.
  provenance: 'modelled',
  learnt_from: {
    provenance: stage.provenance ?? null,
    samples: stage.samples,
    configurations: stage.configurations,
  },
  model: {
    time: { kind: stage.timeKind, errors: errorsJson(stage.timeErrors) },
    energy:
      stage.energyKind === undefined
        ? null
        : { kind: stage.energyKind, errors: errorsJson(stage.energyErrors) },
  },
  extrapolation: extrapolationJson(stage),
});

/** A prediction as a document. Absent figures are null. */
export const predictionJson = (prediction: WorkflowPrediction): object => ({
  stages: prediction.stages.map(stageJson),
  totals: {
    wall_seconds: figureJson(prediction.wallSeconds),
    least_seconds: figure(prediction.leastSeconds),
    cpu_seconds: figureJson(prediction.cpuSeconds),
    joules: figureJson(prediction.joules),
    carbon_grams: figureJson(prediction.carbonGrams),
    cost_usd: figureJson(prediction.costUsd),
  },
  critical_path: prediction.criticalPath,
  deadline: prediction.deadline ?? null,
  absent: absentJson(prediction.absent),
  extrapolations: prediction.extrapolations,
  notes: prediction.notes,
});

const givenUpJson = (rival: GivenUp): object => ({
  configuration: configurationJson(rival.configuration),
  wall_seconds: figure(rival.wallSeconds),
  joules: figure(rival.joules),
  carbon_grams: figure(rival.carbonGrams),
  cost_usd: figure(rival.costUsd),
  reason: rival.reason,
});

/** A choice of configurations as a document. */
export function choiceJson(choice: ConfigurationChoice): object {
  const head = {
    status: choice.status,
    objective: choice.objective,
    explanation: choice.explanation,
    extrapolations_left_out: choice.extrapolationsLeftOut,
    constraints: choice.constraints.map(({ name, limit, value }) => ({
      name,
      limit,
      value: figure(value),
    })),
  };
  if (choice.status === 'infeasible')
    return {
      ...head,
      violated: choice.violated.map(({ name, limit, best, whileKeeping }) => ({
        name,
        limit,
        best: figure(best),
        while_keeping: whileKeeping,
      })),
    };
  return {
    ...head,
    value: figure(choice.value),
    bound: figure(choice.bound),
    selection: Object.fromEntries(
      choice.stages.map(({ stage, prediction }) => [stage, configurationJson(prediction.configuration)]),
    ),
    stages: choice.stages.map(({ stage, candidates, givenUp }) => ({
      name: stage,
      candidates,
      given_up: givenUp.map(givenUpJson),
    })),
    prediction: predictionJson(choice.prediction),
  };
}
