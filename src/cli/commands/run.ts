import { Command } from 'commander';
import { ErrorCode, WattloopError, writeError, writeOutput } from '../../base/index.js';
import type { ChosenConfigurations, RunRecord } from '../../model/index.js';
import { choiceText, runJson, runText } from '../../report/index.js';
import {
  checkTypes,
  configurationsChosen,
  type Json,
  loadWorkflow,
  type Override,
  type RunOptions,
  resumeCommand,
  type Wishes,
  WorkflowRunner,
} from '../../workflow/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { chosenFor } from '../forecast/forecast-for.js';
import { refuseBoundsAlone, type WishFlags, wishesOf, withWishes } from '../forecast/wishes.js';
import { interruptible } from '../interrupt.js';
import { methodList } from '../method-list.js';
import { ReportFile } from '../report-file.js';
import { type ConfigurationFlags, overridesOf, withConfiguration } from '../run/configuration-flags.js';
import { parameter } from '../run/parameters.js';
import { runReportText } from '../run/run-report.js';
import { showProgress } from '../run/show-progress.js';
import { warnOfUselessWorkers } from '../run/useless-workers.js';
import { terminalWidth, toTerminal } from '../to-terminal.js';

interface RunFlags extends GlobalOptions, ConfigurationFlags, WishFlags {
  readonly param?: Record<string, Json>;
  readonly resume?: string;
  readonly methods?: string;
  readonly primary?: string;
  readonly report?: string;
  readonly check: boolean;
}

const CANCELLING = 'wattloop: cancelling; a second signal ends at once what still runs\n';

async function run(file: string, flags: RunFlags): Promise<void> {
  const { host, settings, json } = createContext(flags, {
    'meter.methods': methodList(flags.methods),
    'meter.primary': methodList(flags.primary),
  });
  refuseBoundsAlone(flags);
  const report = flags.report === undefined ? undefined : new ReportFile(flags.report);
  const loaded = await loadWorkflow(file, settings);
  if (flags.check) await checkTypes(file, host.log);
  await interruptible(async (signal, hurry) => {
    const runner = await WorkflowRunner.open(host, settings);
    let hide = (): void => {};
    if (!flags.quiet) signal.addEventListener('abort', () => writeError(CANCELLING), { once: true });
    try {
      const given: RunOptions = {
        ...(flags.param && { parameters: flags.param }),
        overrides: chosen(flags, (options, wishes) =>
          chosenFor(runner, loaded, options, wishes, flags.work ? { work: flags.work } : {}, host),
        ),
      };
      if (flags.workers !== undefined && flags.resume === undefined)
        warnOfUselessWorkers(runner, loaded, flags.workers, given, host.log);
      const record = await runner.run(loaded, {
        ...given,
        ...(flags.resume !== undefined && { resume: flags.resume }),
        ...{ signal, hurry },
        onBegin: (watch) => {
          hide = showProgress(watch, { quiet: flags.quiet ?? false });
        },
      });
      hide();
      writeOutput(
        json
          ? `${JSON.stringify(runJson(record), null, 2)}\n`
          : toTerminal(`${runText(record, terminalWidth())}\n`),
      );
      report?.save(runReportText(record, runner.knowledge, settings, report.kind), flags.quiet ?? false);
      settle(record);
    } finally {
      hide();
      await runner.close();
    }
  });
}

/** The configurations of the flags, or those that are chosen for what the flags wish: told before the run. */
function chosen(
  flags: RunFlags,
  choose: (options: RunOptions, wishes: Wishes) => ChosenConfigurations,
): Record<string, Override> {
  const overrides = overridesOf(flags);
  const wishes = wishesOf(flags);
  if (wishes === undefined) return overrides;
  const choice = choose({ ...(flags.param && { parameters: flags.param }), overrides }, wishes);
  if (!flags.quiet) writeError(`${choiceText(choice)}\n`);
  return configurationsChosen(choice);
}

/** Ends with what went wrong, after all that is known was shown. */
function settle(record: RunRecord): void {
  const { status, error } = record;
  if (status === 'done') return;
  if (status === 'cancelled') {
    writeError(`wattloop: cancelled; what finished is kept: ${resumeCommand(record)}\n`);
    process.exitCode = 1;
    return;
  }
  throw new WattloopError(ErrorCode.runFailed, error?.message ?? 'the run failed', {
    ...(error?.remedy !== undefined && { remedy: error.remedy }),
  });
}

const EXAMPLES = `
Examples:
  wattloop run examples/monte-carlo-pi/workflow.ts
  wattloop run pi.ts --param points=5000000 --workers 4
  wattloop run train.ts --stage train:workers=8,cpu=1,memory=2048 --report run.html
  wattloop run train.ts --optimize energy --deadline 30s
  wattloop run train.ts --resume 20261121-155630-k3f9

--workers, --cpu and --memory hold for all stages; how many workers share a stage's work is changed only where its
data can be shared. --stage says it for one. What finished of a run that failed or was cancelled is kept.`;

export function runCommand(): Command {
  const command = new Command('run')
    .description('Run a workflow: a table of what each stage cost in time, energy, carbon and money.')
    .argument('<workflow>', 'a TypeScript or JavaScript file whose default export is a workflow')
    .option('--param <name=value>', "a workflow's parameter; may be given several times", parameter)
    .option('--resume <run>', 'go on with this run, from what it has finished')
    .option('--report <file>', 'write a report too: a page (.html) or Markdown (.md)')
    .option('--no-check', 'do not check the types of the workflow file first')
    .option('--methods <names>', 'only these sources of energy and usage, separated by commas')
    .option('--primary <names>', 'sources preferred for the total, best first');
  return withWishes(withConfiguration(command)).addHelpText('after', EXAMPLES).action(run);
}
