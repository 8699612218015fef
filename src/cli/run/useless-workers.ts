import type { Logger } from '../../base/index.js';
import type { LoadedWorkflow, RunOptions, WorkflowRunner } from '../../workflow/index.js';

/** Says so when a number of workers for all stages is one for none, as no stage's work can be shared. */
export function warnOfUselessWorkers(
  runner: WorkflowRunner,
  loaded: LoadedWorkflow,
  workers: number,
  options: RunOptions,
  log: Logger,
): void {
  const stages = runner.plan(loaded, options);
  if (stages.some(({ configuration }) => configuration.workers === workers)) return;
  const name = stages[0]?.definition.name ?? 'STAGE';
  log.warn(
    `--workers changes nothing: there is no stage whose data can be shared by scatter() or shuffle(); to run one several times all the same: --stage ${name}:workers=${workers}`,
  );
}
