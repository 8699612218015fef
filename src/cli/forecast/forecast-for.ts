import { ErrorCode, type Host, WattloopError } from '../../base/index.js';
import type { ChosenConfigurations } from '../../model/index.js';
import {
  Forecast,
  type ForecastOptions,
  type LoadedWorkflow,
  type RunOptions,
  type Wishes,
  type WorkflowRunner,
} from '../../workflow/index.js';

/** What is foretold of a workflow from the runs of it that are kept. */
export const forecastFor = (runner: WorkflowRunner, loaded: LoadedWorkflow, host: Host): Forecast =>
  Forecast.learn(loaded.definition.name, runner.knowledge, host.clock.wall());

/** Configurations as they are wished for, or why there are none. */
export function chosenFor(
  runner: WorkflowRunner,
  loaded: LoadedWorkflow,
  options: RunOptions,
  wishes: Wishes,
  forecast: ForecastOptions,
  host: Host,
): ChosenConfigurations {
  const choice = forecastFor(runner, loaded, host).choose(runner.plan(loaded, options), wishes, forecast);
  if (choice.status !== 'infeasible') return choice;
  throw new WattloopError(ErrorCode.runFailed, `nothing fits what is wished: ${choice.explanation}`, {
    remedy: 'Allow more time, money or energy, or try more configurations: wattloop characterize',
  });
}
