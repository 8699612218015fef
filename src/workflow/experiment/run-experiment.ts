import type { Clock } from '../../base/index.js';
import { seededRandom } from '../../maths/index.js';
import type { Experiment, RunProgress, RunRecord, StageSample } from '../../model/index.js';
import type { Json } from '../define/json.js';
import type { Override } from '../define/resolve.js';
import type { LoadedWorkflow } from '../run/load-workflow.js';
import { runPrefix } from '../run/partition-key.js';
import { newRunId } from '../run/run-folder.js';
import type { RunOptions } from '../run/run-options.js';
import type { WorkflowRunner } from '../run/workflow-runner.js';
import { configurationsOf, describeOverride, type Grid } from './grid.js';
import { type ExperimentOrder, orderedRuns } from './order.js';

export interface ExperimentOptions {
  readonly grid: Grid;
  /** The only stage whose configuration is varied; all, when not given. */
  readonly stage?: string;
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly repetitions: number;
  readonly warmUps: number;
  readonly order: ExperimentOrder;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly hurry?: AbortSignal;
  /** Told before each run. */
  readonly onRun?: (done: number, of: number, configuration: string) => void;
  readonly onBegin?: (watch: () => RunProgress) => void;
}

export interface ExperimentOutcome {
  readonly experiment: Experiment;
  readonly samples: readonly StageSample[];
  /** Runs that did not end well: their figures are left out. */
  readonly failures: readonly RunRecord[];
  readonly isComplete: boolean;
  /** What no further run could begin for: a store that can't be reached, a disk that is full. */
  readonly stoppedBy?: unknown;
}

/** Runs a workflow over a grid of configurations, repeatedly. What was measured is kept run by run. */
export async function runExperiment(
  runner: WorkflowRunner,
  loaded: LoadedWorkflow,
  clock: Clock,
  options: ExperimentOptions,
): Promise<ExperimentOutcome> {
  const { grid, stage = '*', repetitions, warmUps, order, seed, signal } = options;
  const configurations = configurationsOf(grid);
  const overrides = configurations.map((override): Record<string, Override> => ({ [stage]: override }));
  // What can't run is told now, not after an hour.
  for (const override of overrides) runner.plan(loaded, { ...options, overrides: override });
  const runs = orderedRuns({
    configurations: configurations.length,
    ...{ repetitions, warmUps, order, random: seededRandom(seed) },
  });
  const id = newRunId(clock.wall());
  const experiment: Experiment = {
    id,
    kind: 'characterise',
    workflow: loaded.definition.name,
    grid: { ...grid, stage, repetitions, warm_ups: warmUps, order, seed },
    startedAt: clock.wall(),
  };
  runner.knowledge.saveExperiment(experiment);
  const failures: RunRecord[] = [];
  let done = 0;
  let stoppedBy: unknown;
  for (const { configuration, repetition, warmUp } of runs) {
    if (signal.aborted) break;
    options.onRun?.(done, runs.length, describeOverride(configurations[configuration] ?? {}));
    const given: RunOptions = {
      ...(options.parameters && { parameters: options.parameters }),
      overrides: overrides[configuration] ?? {},
      experiment: { id, repetition, warmUp },
      ...(options.stage !== undefined && { varied: options.stage }),
      ...{ signal, ...(options.hurry && { hurry: options.hurry }) },
      ...(options.onBegin && { onBegin: options.onBegin }),
    };
    const record = await runner.run(loaded, given).catch((error: unknown) => {
      stoppedBy = error;
    });
    if (record === undefined) break;
    if (record.status === 'failed') failures.push(record);
    if (record.status !== 'done') continue;
    done++;
    // Its figures are kept; its data, of which every repetition has the like, would fill the store.
    await runner.store.deleteAll(runPrefix(record.id));
  }
  const ended = { ...experiment, endedAt: clock.wall() };
  runner.knowledge.saveExperiment(ended);
  return {
    experiment: ended,
    samples: runner.knowledge.stageSamples({ experiment: id }),
    failures,
    isComplete: done === runs.length,
    ...(stoppedBy !== undefined && { stoppedBy }),
  };
}
