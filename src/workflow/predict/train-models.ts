import { ErrorCode, WattloopError } from '../../errors/index.js';
import { type StageSample, WHOLE_RUN } from '../../model/index.js';
import { type FitOptions, fitStage } from './fit-stage.js';
import { runCorrelation } from './run-correlation.js';
import type { StageModelData } from './stage-model.js';

/** The models of a workflow's stages, as plain data. */
export interface WorkflowModels {
  readonly version: 1;
  readonly workflow: string;
  readonly stages: Readonly<Record<string, StageModelData>>;
  /** How far stages of one run are slow, or draw much, together: 0 not at all, 1 wholly. */
  readonly runCorrelation: { readonly wallSeconds: number; readonly joules: number };
}

/** Models of every stage of a workflow, from what its runs took. */
export function trainModels(samples: readonly StageSample[], options: FitOptions = {}): WorkflowModels {
  const [first] = samples;
  if (first === undefined)
    throw new WattloopError(ErrorCode.badInput, 'there is no sample to learn from', {
      remedy: 'Run the workflow, or characterise it, first',
    });
  const other = samples.find(({ workflow }) => workflow !== first.workflow);
  if (other)
    throw new WattloopError(
      ErrorCode.badInput,
      `samples of two workflows, "${first.workflow}" and "${other.workflow}"`,
      { remedy: 'Learn from one workflow at a time' },
    );
  const byStage = new Map<string, StageSample[]>();
  for (const sample of samples) {
    // Whole runs are made of stages: they are predicted from those.
    if (sample.warmUp || sample.stage === WHOLE_RUN) continue;
    const own = byStage.get(sample.stage);
    if (own) own.push(sample);
    else byStage.set(sample.stage, [sample]);
  }
  if (byStage.size === 0)
    throw new WattloopError(
      ErrorCode.badInput,
      `no sample of a stage of "${first.workflow}" that is no warm-up`,
      {
        remedy: 'Run the workflow at least once beyond its warm-up',
      },
    );
  const stages = [...byStage].map(([stage, own]) => [stage, fitStage(own, options)] as const);
  const all = [...byStage.values()];
  return {
    version: 1,
    workflow: first.workflow,
    stages: Object.fromEntries(stages),
    runCorrelation: {
      wallSeconds: runCorrelation(all, ({ wallSeconds }) => wallSeconds),
      joules: runCorrelation(all, ({ joules }) => joules),
    },
  };
}
