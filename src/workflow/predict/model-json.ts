import { z } from 'zod';
import { ErrorCode, WattloopError } from '../../errors/index.js';
import { KERNEL_NAMES } from '../../maths/index.js';
import { PROVENANCES, SOURCE_NAMES, STAGE_MODEL_KINDS } from '../../model/index.js';
import { STAGE_MODEL_VERSION, type StageModelData } from './stage-model.js';
import { isTermName, type TermName } from './terms.js';
import type { WorkflowModels } from './train-models.js';

const count = z.int().nonnegative();
const range = z.tuple([z.number(), z.number()]);
const term = z.custom<TermName>(
  (name) => typeof name === 'string' && isTermName(name),
  'is no term that is known',
);
const coefficients = z.array(z.number().nonnegative());

const scaling = z.object({ logarithmic: z.boolean(), centre: z.number(), scale: z.number().positive() });
const process = z.object({
  kernel: z.enum(KERNEL_NAMES),
  hyperparameters: z.object({
    lengths: z.array(z.number().positive()),
    signalVariance: z.number().positive(),
    noiseVariance: z.number().positive(),
  }),
  inputs: z.array(z.array(z.number())),
  targets: z.array(z.number()),
  noiseScales: z.array(z.number()).exactOptional(),
  inputScalings: z.array(scaling),
  targetScaling: scaling,
  logLikelihood: z.number(),
});

const errors = z.object({ median: z.number(), percentile90: z.number(), coverage: z.number() });
const variance = z.number().nonnegative();
const quantity = z.object({
  kind: z.enum(STAGE_MODEL_KINDS),
  law: z.object({
    terms: z.array(term),
    coefficients,
    active: z.array(count),
    covariance: z.array(z.number()),
  }),
  repetitionVariance: variance,
  configurationVariance: variance,
  widening: z.number().min(1),
  repetitionFreedom: count,
  configurationFreedom: count,
  offsets: z.array(z.object({ offset: z.number(), variance })),
  process: process.exactOptional(),
  errors: z.partialRecord(z.enum(STAGE_MODEL_KINDS), errors),
});
const rate = z.object({ terms: z.array(term), coefficients });
const phase = z.object({ terms: z.array(term), coefficients, deviation: z.number().nonnegative() });

const stage = z.object({
  version: z.literal(STAGE_MODEL_VERSION),
  workflow: z.string(),
  stage: z.string(),
  samples: count,
  configurations: count,
  machine: z.object({
    processors: z.number().positive().exactOptional(),
    memoryMib: z.number().positive().exactOptional(),
    sharing: z.enum(['queue', 'contention']),
  }),
  usual: z.object({ work: z.number().positive(), coldShare: z.number().min(0).max(1) }),
  isWorkCounted: z.boolean(),
  seen: z.object({ cpu: range, memoryMib: range, workers: range, work: range }),
  cells: z.array(
    z.object({
      cpu: z.number().positive(),
      memoryMib: z.number().positive(),
      workers: z.number().positive(),
      work: z.number().positive(),
      coldShare: z.number(),
    }),
  ),
  wallSeconds: quantity,
  cpuSeconds: quantity.exactOptional(),
  phases: z.object({ cold_start: phase, read: phase, compute: phase, write: phase }),
  joules: quantity.exactOptional(),
  carbonGrams: rate.exactOptional(),
  costUsd: rate.exactOptional(),
  absent: z.object({
    joules: z.string().exactOptional(),
    carbonGrams: z.string().exactOptional(),
    costUsd: z.string().exactOptional(),
  }),
  source: z.enum(SOURCE_NAMES).exactOptional(),
  provenance: z.enum(PROVENANCES).exactOptional(),
}) satisfies z.ZodType<StageModelData>;

const correlation = z.number().min(0).max(1);
const workflow = z.object({
  version: z.literal(1),
  workflow: z.string(),
  stages: z.record(z.string(), stage),
  runCorrelation: z.object({ wallSeconds: correlation, joules: correlation }),
}) satisfies z.ZodType<WorkflowModels>;

function read<T>(schema: z.ZodType<T>, json: unknown, what: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new WattloopError(
    ErrorCode.badInput,
    `this is no ${what} that this version can read${place === '' ? '' : `: ${place}`}: ${issue?.message ?? ''}`,
    { remedy: 'Learn it again from the samples' },
  );
}

/** A stage's model from where it was kept. */
export const modelFromJson = (json: unknown): StageModelData => read(stage, json, 'model of a stage');

/** A workflow's models from where they were kept. */
export const modelsFromJson = (json: unknown): WorkflowModels => read(workflow, json, 'models of a workflow');
