import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import {
  drawError,
  drawnOnError,
  ErrorCode,
  WattloopError,
  writeError,
  writeOutput,
} from '../../base/index.js';
import type { Characterisation, Recommendation } from '../../model/index.js';
import {
  characterisationJson,
  characterisationMarkdown,
  characterisationReport,
  characterisationText,
} from '../../report/index.js';
import {
  analyse,
  checkTypes,
  EXPERIMENT_ORDERS,
  type ExperimentOrder,
  type ExperimentOutcome,
  type Json,
  loadWorkflow,
  recommend,
  runExperiment,
  WorkflowRunner,
} from '../../workflow/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { countList, numberList } from '../experiment/number-list.js';
import { interruptible } from '../interrupt.js';
import { methodList } from '../method-list.js';
import { amount, count, wholeNumber } from '../numbers.js';
import { ReportFile, type ReportKind } from '../report-file.js';
import { ResultFile } from '../result-file.js';
import { parameter } from '../run/parameters.js';
import { warnOfUselessWorkers } from '../run/useless-workers.js';
import { packageVersion } from '../version.js';

interface CharacterizeFlags extends GlobalOptions {
  readonly workers?: number[];
  readonly cpu?: number[];
  readonly memory?: number[];
  readonly stage?: string;
  readonly repeat: number;
  readonly warmUp: number;
  readonly order: ExperimentOrder;
  readonly seed: number;
  readonly difference?: number;
  readonly param?: Record<string, Json>;
  readonly methods?: string;
  readonly primary?: string;
  readonly report?: string;
  readonly output?: string;
  readonly check: boolean;
}

async function characterize(file: string, flags: CharacterizeFlags): Promise<void> {
  const { host, settings, json } = createContext(flags, {
    'meter.methods': methodList(flags.methods),
    'meter.primary': methodList(flags.primary),
  });
  const report = flags.report === undefined ? undefined : new ReportFile(flags.report);
  const output = flags.output === undefined ? undefined : new ResultFile(flags.output);
  try {
    const loaded = await loadWorkflow(file, settings);
    if (flags.check) await checkTypes(file, host.log);
    await interruptible(async (signal, hurry) => {
      const runner = await WorkflowRunner.open(host, settings);
      if (flags.workers && flags.stage === undefined) {
        const workers = Math.max(...flags.workers);
        const options = { ...(flags.param && { parameters: flags.param }), overrides: { '*': { workers } } };
        warnOfUselessWorkers(runner, loaded, workers, options, host.log);
      }
      const progress = experimentProgress(flags.quiet ?? false);
      let outcome: ExperimentOutcome;
      try {
        outcome = await runExperiment(runner, loaded, host.clock, {
          grid: {
            ...(flags.workers && { workers: flags.workers }),
            ...(flags.cpu && { cpu: flags.cpu }),
            ...(flags.memory && { memoryMib: flags.memory }),
          },
          ...(flags.stage !== undefined && { stage: flags.stage }),
          ...(flags.param && { parameters: flags.param }),
          ...{
            repetitions: flags.repeat,
            warmUps: flags.warmUp,
            order: flags.order,
            seed: flags.seed,
            ...{ signal, hurry },
          },
          onRun: progress.show,
        });
      } finally {
        progress.end();
        await runner.close();
      }
      deliver(outcome, flags, { json, report, output });
    });
  } finally {
    output?.close();
  }
}

interface Destinations {
  readonly json: boolean;
  readonly report: ReportFile | undefined;
  readonly output: ResultFile | undefined;
}

function deliver(
  outcome: ExperimentOutcome,
  flags: CharacterizeFlags,
  { json, report, output }: Destinations,
): void {
  const { experiment, samples, failures, isComplete, stoppedBy } = outcome;
  if (samples.length === 0) throw stoppedBy ?? nothingMeasured(outcome);
  const characterisation = analyse(
    samples,
    flags.difference === undefined ? {} : { difference: flags.difference },
  );
  const advice = recommend(characterisation);
  const document = (): string => {
    const { id, grid } = experiment;
    const body = {
      experiment: id,
      grid,
      complete: isComplete,
      ...characterisationJson(characterisation, advice),
    };
    return `${JSON.stringify({ ...body, samples }, null, 2)}\n`;
  };
  writeOutput(json ? document() : characterisationText(characterisation, advice));
  output?.save(document(), 'The figures are kept: name another file with --output');
  report?.save(reportText(characterisation, advice, report.kind), flags.quiet ?? false);
  for (const { id, error } of failures)
    writeError(`wattloop: run ${id} failed and is left out: ${error?.message}\n`);
  if (isComplete) return;
  process.exitCode = 1;
  writeError(
    `wattloop: not all runs were made: these are the figures of those that ended (experiment ${experiment.id})\n`,
  );
  if (stoppedBy !== undefined) throw stoppedBy;
}

function reportText(
  characterisation: Characterisation,
  advice: readonly Recommendation[],
  kind: ReportKind,
): string {
  if (kind === 'md') return characterisationMarkdown(characterisation, advice);
  return characterisationReport(characterisation, advice, { version: packageVersion() });
}

function nothingMeasured({ failures: [failure], experiment }: ExperimentOutcome): WattloopError {
  if (failure === undefined)
    return new WattloopError(
      ErrorCode.cancelled,
      `experiment ${experiment.id} was cancelled before a run ended`,
    );
  return new WattloopError(ErrorCode.runFailed, failure.error?.message ?? `run ${failure.id} failed`, {
    ...(failure.error?.remedy !== undefined && { remedy: failure.error.remedy }),
  });
}

const STDERR = 2;
const USUAL_WIDTH = 80;

/** One line that is written over on a terminal; a line for each run elsewhere. */
function experimentProgress(quiet: boolean): {
  show: (done: number, of: number, what: string) => void;
  end: () => void;
} {
  if (quiet) return { show: () => {}, end: () => {} };
  const lineOf = (done: number, of: number, what: string): string => `run ${done + 1} of ${of}: ${what}`;
  if (!isatty(STDERR)) return { show: (...run) => writeError(`${lineOf(...run)}\n`), end: () => {} };
  const erase = (): string => '\r\x1b[K';
  const withdraw = drawnOnError(erase);
  return {
    show: (...run) => {
      // A line that is wrapped can't be taken away.
      const width = (process.stderr.columns || USUAL_WIDTH) - 1;
      drawError(`${erase()}${lineOf(...run).slice(0, width)}`);
    },
    end: () => {
      withdraw();
      drawError(erase());
    },
  };
}

const EXAMPLES = `
Examples:
  wattloop characterize examples/monte-carlo-pi/workflow.ts --workers 1,2,4 --repeat 5
  wattloop characterize train.ts --stage train --cpu 0.5,1,2 --memory 1024,2048 --order random --report train.html
  wattloop characterize pi.ts --workers 1,2 --output here.json    then, elsewhere: wattloop compare here.json there.json

Every combination is run: each once, then each again, so that what drifts (heat, neighbours) falls on all alike. Warm-ups
are told apart and count in no mean; outliers are marked and stay in. What was measured is kept run by run.`;

export function characterizeCommand(): Command {
  return new Command('characterize')
    .alias('characterise')
    .description('Run a workflow over a grid of configurations, repeatedly: statistics, comparisons, advice.')
    .argument('<workflow>', 'a TypeScript or JavaScript file whose default export is a workflow')
    .option('--workers <list>', 'numbers of workers to try, as in 1,2,4', countList)
    .option('--cpu <list>', 'processors of each invocation, as in 0.5,1,2', numberList)
    .option('--memory <list>', 'MiB of memory of each invocation, as in 512,1024', numberList)
    .option('--stage <name>', 'vary this stage alone')
    .addOption(new Option('--repeat <n>', 'repetitions of each configuration').argParser(count).default(5))
    .addOption(
      new Option('--warm-up <n>', 'runs of each configuration before those that count')
        .argParser(wholeNumber)
        .default(1),
    )
    .addOption(new Option('--order <order>', 'of the runs').choices(EXPERIMENT_ORDERS).default('interleaved'))
    .addOption(new Option('--seed <n>', 'of the random order').argParser(wholeNumber).default(1))
    .option('--difference <part>', 'the relative difference that should be found (default: 0.05)', amount)
    .option('--param <name=value>', "a workflow's parameter; may be given several times", parameter)
    .option('--methods <names>', 'only these sources of energy and usage, separated by commas')
    .option('--primary <names>', 'sources preferred for the total, best first')
    .option('--report <file>', 'write a report too: a page (.html) or Markdown (.md)')
    .option('--output <file>', 'write the document of --json to this file too')
    .option('--no-check', 'do not check the types of the workflow file first')
    .addHelpText('after', EXAMPLES)
    .action(characterize);
}
