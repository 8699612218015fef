import { cpus } from 'node:os';
import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import { ErrorCode, WattloopError, writeError, writeOutput } from '../../base/index.js';
import { chooseIntensity } from '../../footprint/index.js';
import {
  allSources,
  childrenUsage,
  type Measurement,
  measure,
  type RunningCommand,
} from '../../meter/index.js';
import { SOURCE_NAMES } from '../../model/index.js';
import { measurementJson, measurementText } from '../../report/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { methodList } from '../method-list.js';
import { amount, count, durationOrZero, interval } from '../numbers.js';
import { passSignals } from '../pass-signals.js';
import { ResultFile } from '../result-file.js';

interface MeasureFlags extends GlobalOptions {
  readonly methods?: string;
  readonly primary?: string;
  readonly interval?: number;
  readonly repeat: number;
  readonly baseline: number;
  readonly carbonIntensity?: number;
  readonly output?: string;
}

const STDERR = 2;

async function run([name, ...args]: readonly string[], flags: MeasureFlags): Promise<void> {
  if (name === undefined) {
    throw new WattloopError(ErrorCode.badUsage, 'no command to measure', {
      remedy: 'Put it after --, as in: wattloop measure -- sleep 1',
    });
  }
  const { host, settings, json } = createContext(flags, {
    'meter.methods': methodList(flags.methods),
    'meter.primary': methodList(flags.primary),
    'meter.interval_seconds': flags.interval,
    'carbon.intensity_g_per_kwh': flags.carbonIntensity,
  });
  const file = flags.output === undefined ? undefined : new ResultFile(flags.output);
  const stop = new AbortController();
  let current: RunningCommand | undefined;
  const release = passSignals(() => current, stop);
  const showsProgress = flags.repeat > 1 && !flags.quiet && isatty(STDERR);
  try {
    const measurement = await measure(host, allSources(host, settings), [name, ...args], {
      methods: settings.meter.methods,
      primary: settings.meter.primary,
      intervalSeconds: settings.meter.interval_seconds,
      disagreementWarning: settings.meter.disagreement_warning,
      carbonIntensity: chooseIntensity(settings.carbon).gramsPerKilowattHour,
      pue: settings.carbon.pue,
      repeat: flags.repeat,
      baselineSeconds: flags.baseline,
      logicalCpus: Math.max(1, cpus().length),
      stdoutToStderr: json && file === undefined,
      signal: stop.signal,
      onStart: (command) => {
        current = command;
      },
      onProgress: (done, of) => {
        if (showsProgress) writeError(`\rrun ${done} of ${of}${done === of ? '\n' : ''}`);
      },
      childrenUsage,
    });
    process.exitCode = measurement.exit.code;
    if (measurement.interrupted && !flags.quiet)
      writeError(
        `wattloop: interrupted by ${String(stop.signal.reason)}: these are the figures up to then\n`,
      );
    deliver(measurement, file, json, settings.meter.methods !== undefined);
  } finally {
    file?.close();
    release();
  }
}

function deliver(
  measurement: Measurement,
  file: ResultFile | undefined,
  json: boolean,
  wasAskedFor: boolean,
): void {
  if (file === undefined && !json) {
    writeError(`\n${measurementText(measurement, wasAskedFor)}`);
    return;
  }
  const document = `${JSON.stringify(measurementJson(measurement), null, 2)}\n`;
  try {
    if (file) file.save(document);
    else writeOutput(document);
  } catch (error) {
    // What was measured is not lost with the file.
    writeError(document);
    throw error;
  }
}

const EXAMPLES = `
Examples:
  wattloop measure -- node build.js
  wattloop measure --repeat 5 -- ./benchmark --size 1000
  wattloop measure --methods rapl,tdp --json -- python3 train.py > energy.json
  wattloop measure --output energy.json -- make -j4

The table goes to stderr, as with "perf stat": the command's own output stays as it is. With --json the
document is all that stdout carries, and the command's stdout goes to stderr; --output leaves both alone.
The exit code is the command's: 127 when it does not exist, 126 when it can't be executed; of several runs,
that of the first that failed.`;

export function measureCommand(): Command {
  return new Command('measure')
    .description(
      'Run a command and say what energy, CPU time, memory and carbon it took, by every method side by side.',
    )
    .usage('[options] -- COMMAND [ARGUMENTS…]')
    .argument('[command...]', 'the command and its arguments, after --')
    .option('--methods <names>', `only these sources, separated by commas (of ${SOURCE_NAMES.join(', ')})`)
    .option('--primary <names>', 'sources preferred for the total, best first')
    .option('--interval <time>', 'time between samples (default: 100ms)', interval)
    .addOption(
      new Option('--repeat <n>', 'run it n times: mean, standard deviation, 95 % interval')
        .argParser(count)
        .default(1),
    )
    .addOption(
      new Option('--baseline <time>', 'watch the idle machine before the command; 0 for not at all')
        .argParser(durationOrZero)
        .default(0.5, '500ms'),
    )
    .option(
      '--carbon-intensity <g/kWh>',
      'grams of CO2e per kWh (default: 473, the world mean of 2024)',
      amount,
    )
    .option('--output <file>', 'write the JSON document to this file and leave both streams alone')
    .passThroughOptions()
    .addHelpText('after', EXAMPLES)
    .action(run);
}
