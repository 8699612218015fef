import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { allSources, childrenUsage, type Launched, measure } from '../../meter/index.js';
import { SOURCE_NAMES } from '../../model/index.js';
import { measurementJson, measurementText } from '../../report/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { duration } from '../duration.js';
import { methodList } from '../method-list.js';
import { passSignals } from '../pass-signals.js';

interface MeasureFlags extends GlobalOptions {
  readonly methods?: string;
  readonly primary?: string;
  readonly interval?: number;
  readonly repeat: number;
  readonly baseline: number;
  readonly carbonIntensity?: number;
  readonly output?: string;
}

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('It must be a number of at least 0.');
  return value;
}

function durationOrZero(text: string): number {
  return /^0+(\.0*)?(us|ms|s|m|h)?$/.test(text.trim()) ? 0 : duration(text);
}

async function run(command: readonly string[], flags: MeasureFlags): Promise<void> {
  const [name, ...args] = command;
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
  const stop = new AbortController();
  let current: Launched | undefined;
  const release = passSignals(() => current, stop);
  try {
    const measurement = await measure(host, allSources(host, settings), [name, ...args], {
      methods: settings.meter.methods,
      primary: settings.meter.primary,
      intervalSeconds: settings.meter.interval_seconds,
      disagreementWarning: settings.meter.disagreement_warning,
      carbonIntensity: settings.carbon.intensity_g_per_kwh,
      repeat: flags.repeat,
      baselineSeconds: flags.baseline,
      logicalCpus: availableParallelism(),
      stdoutToStderr: json && flags.output === undefined,
      signal: stop.signal,
      onStart: (launched) => {
        current = launched;
      },
      onProgress: (done, of) => {
        if (of > 1 && process.stderr.isTTY && !flags.quiet)
          process.stderr.write(`\rrun ${done} of ${of}${done === of ? '\n' : ''}`);
      },
      childrenUsage,
    });
    if (flags.output !== undefined) save(flags.output, measurementJson(measurement));
    else if (json) process.stdout.write(`${JSON.stringify(measurementJson(measurement), null, 2)}\n`);
    else process.stderr.write(`\n${measurementText(measurement)}`);
    process.exitCode = measurement.exit.code;
  } finally {
    release();
  }
}

function save(path: string, document: object): void {
  try {
    writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    // What was measured is not lost with the file.
    process.stderr.write(`${JSON.stringify(document)}\n`);
    throw new WattloopError(ErrorCode.writeFailed, `could not write ${path}: ${messageOf(error)}`, {
      remedy: 'The document is above, on stderr',
      cause: error,
    });
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
The exit code is the command's: 127 when it does not exist, 126 when it can't be executed.`;

export function measureCommand(): Command {
  return new Command('measure')
    .description(
      'Run a command and say what energy, CPU time, memory and carbon it took, by every method side by side.',
    )
    .usage('[options] -- COMMAND [ARGUMENTS…]')
    .argument('[command...]', 'the command and its arguments, after --')
    .option('--methods <names>', `only these sources, separated by commas (of ${SOURCE_NAMES.join(', ')})`)
    .option('--primary <names>', 'sources preferred for the total, best first')
    .option('--interval <time>', 'time between samples (default: 100ms)', duration)
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
