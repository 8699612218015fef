import type {
  Invocation,
  Platform,
  RunFigures,
  RunRecord,
  RunState,
  RunTotals,
  StageSummary,
} from '../../model/index.js';
import type { ListedRun } from '../terminal/run-list.js';
import { figure } from './figure.js';

const figuresJson = (figures: RunFigures): object => ({
  invocations: figures.invocations,
  failed: figures.failed,
  retries: figures.retries,
  wall_seconds: figure(figures.wallSeconds),
  cpu_seconds: figure(figures.cpuSeconds),
  read_seconds: figure(figures.readSeconds),
  compute_seconds: figure(figures.computeSeconds),
  write_seconds: figure(figures.writeSeconds),
  cold_starts: figures.coldStarts,
  joules: figure(figures.joules),
  source: figures.source ?? null,
  provenance: figures.provenance ?? null,
  carbon_grams: figure(figures.carbonGrams),
  cost_usd: figure(figures.costUsd),
});

const stageJson = (stage: StageSummary): object => ({
  name: stage.name,
  ...figuresJson(stage),
  work: stage.work ?? null,
  configuration: {
    cpu: stage.configuration.cpu,
    memory_mib: stage.configuration.memoryMib,
    workers: stage.configuration.workers,
  },
});

const totalsJson = (totals: RunTotals | undefined): object | null =>
  totals === undefined ? null : figuresJson(totals);

/** The document that `wattloop run --json` prints. Absent figures are null. */
export function runJson(run: RunRecord, state: RunState = run.status): object {
  const { result } = run;
  const isKnown = result !== undefined && 'value' in result;
  return {
    run: run.id,
    workflow: run.workflow,
    status: state,
    stages: run.stages.map(stageJson),
    totals: totalsJson(run.totals),
    result: isKnown ? (result.value ?? null) : null,
    result_absent: result !== undefined && 'absent' in result ? result.absent : null,
    error: run.error ?? null,
  };
}

const platformJson = (platform: Platform): object => ({
  backend: platform.backend,
  hostname: platform.hostname,
  cpu_model: platform.cpu.model,
  architecture: platform.cpu.architecture,
  cores_physical: platform.cpu.coresPhysical,
  cores_logical: platform.cpu.coresLogical,
  memory_mib: platform.memoryMib,
  operating_system: platform.operatingSystem,
  kernel: platform.kernel,
  runtime: platform.runtime,
  virtualization: platform.virtualization ?? null,
  cpu_limit: platform.cpuLimit,
  memory_limit: platform.memoryLimit,
});

const failureJson = ({ function: stage, partition, attempt, status, error, log }: Invocation): object => ({
  stage,
  partition,
  attempt,
  status,
  error:
    error === undefined ? null : { name: error.name, message: error.message, stack: error.stack ?? null },
  log: log ?? null,
});

/** The document that `wattloop runs show --json` prints: that of the run, with what else is known of it. */
export function runDetailJson(
  run: RunRecord,
  state: RunState,
  failures: readonly Invocation[],
  logs?: string,
): object {
  const { experiment } = run;
  return {
    ...runJson(run, state),
    workflow_file: run.workflowFile ?? null,
    bundle_hash: run.bundleHash ?? null,
    parameters: run.parameters,
    settings: run.settings,
    started_at: run.startedAt,
    ended_at: run.endedAt ?? null,
    experiment:
      experiment === undefined
        ? null
        : { id: experiment.id, repetition: experiment.repetition, warm_up: experiment.warmUp },
    platforms: run.platforms.map(platformJson),
    logs: logs ?? null,
    failures: failures.map(failureJson),
  };
}

/** The document that `wattloop runs --json` prints. */
export function runListJson(runs: readonly ListedRun[]): object {
  return {
    runs: runs.map(({ run, state, invocations }) => ({
      run: run.id,
      workflow: run.workflow,
      status: state,
      started_at: run.startedAt,
      ended_at: run.endedAt ?? null,
      wall_seconds: run.endedAt === undefined ? null : figure(run.endedAt - run.startedAt),
      invocations,
      joules: figure(run.totals?.joules),
      source: run.totals?.source ?? null,
      provenance: run.totals?.provenance ?? null,
      carbon_grams: figure(run.totals?.carbonGrams),
      cost_usd: figure(run.totals?.costUsd),
      experiment: run.experiment?.id ?? null,
    })),
  };
}
