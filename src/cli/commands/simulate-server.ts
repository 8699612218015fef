import { Command, Option } from 'commander';
import { ErrorCode, type Host, WattloopError, writeError, writeOutput } from '../../base/index.js';
import {
  IDEAL_SENSORS,
  MACHINES,
  type Machine,
  machineNamed,
  namedWorkload,
  type Sensor,
  type ServerSensors,
  type SimulatedServer,
  serverSummary,
  simulateServer,
  simulateWithMarginals,
  typicalSensors,
  type UsageDetail,
  WORKLOADS,
  type WorkloadName,
  writeTrace,
} from '../../lab/index.js';
import { seededRandom } from '../../maths/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { duration } from '../duration.js';
import {
  amount,
  count,
  durationOrZero,
  fraction,
  interval,
  signedDuration,
  wholeNumber,
} from '../numbers.js';
import { ProgressBar } from '../progress.js';
import { serverTable } from '../server-table.js';

interface Options extends GlobalOptions {
  readonly out: string;
  readonly machine: string;
  readonly workload: WorkloadName;
  readonly functions: number;
  readonly duration: number;
  readonly load?: number;
  readonly invocations?: number;
  readonly seed: number;
  readonly without: readonly string[];
  readonly marginals?: boolean;
  readonly lead: number;
  readonly period: number;
  readonly usage: UsageDetail;
  readonly accelerator?: boolean;
  readonly tellIdle?: boolean;
  readonly ideal?: boolean;
  readonly sensorLag?: number;
  readonly sensorSmoothing?: number;
  readonly sensorNoise?: number;
  readonly sensorQuantum?: number;
  readonly sensorDropout?: number;
  readonly sensorStale?: number;
  readonly sensorSpike?: number;
  readonly sensorJitter?: number;
}

/** Marginal energies take a run for each function: of so many they are found unasked. */
const FEW_FUNCTIONS = 12;

function sensorsOf(options: Options, machine: Machine): ServerSensors {
  const base = options.ideal ? IDEAL_SENSORS : typicalSensors(machine);
  const system: Sensor = {
    ...base.system,
    lagSeconds: options.sensorLag ?? base.system.lagSeconds,
    smoothingSeconds: options.sensorSmoothing ?? base.system.smoothingSeconds,
    noiseWatts: options.sensorNoise ?? base.system.noiseWatts,
    quantumWatts: options.sensorQuantum ?? base.system.quantumWatts,
    dropout: options.sensorDropout ?? base.system.dropout,
    stale: options.sensorStale ?? base.system.stale,
    staleSamples: Math.max(1, base.system.staleSamples),
    spike: options.sensorSpike ?? base.system.spike,
  };
  return { ...base, system, jitterSeconds: options.sensorJitter ?? base.jitterSeconds };
}

function simulated(options: Options, host: Host): SimulatedServer {
  const machine = machineNamed(options.machine);
  if (options.invocations !== undefined && options.workload !== 'azure') {
    throw new WattloopError(ErrorCode.badUsage, '--invocations goes with --workload azure alone', {
      remedy: 'Elsewhere --load and --duration decide how many there are',
    });
  }
  const { workload: name, functions, load, invocations, seed, duration: durationSeconds } = options;
  const random = seededRandom(seed).fork('workload');
  const bar = new ProgressBar(host.clock, 'simulating', options.quiet ?? false);
  const run = {
    machine,
    workload: namedWorkload(name, random, machine, { durationSeconds, functions, load, invocations }),
    seed,
    durationSeconds,
    leadSeconds: options.lead,
    periodSeconds: options.period,
    sensors: sensorsOf(options, machine),
    usage: options.usage,
    accelerator: options.accelerator,
    without: options.without,
    tellIdle: options.tellIdle,
    onProgress: (part: number) => bar.show(part),
  };
  const marginals = options.marginals ?? functions <= FEW_FUNCTIONS;
  try {
    return marginals ? simulateWithMarginals(run) : simulateServer(run);
  } finally {
    bar.end();
  }
}

async function run(options: Options): Promise<void> {
  const { host, json } = createContext(options);
  const server = simulated(options, host);
  await writeTrace(options.out, server.trace);
  const { out, machine, workload, seed } = options;
  if (json) {
    const document = { out, machine, workload, seed, ...serverSummary(server) };
    writeOutput(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const { trace, truth } = server;
  const mean = (truth.energyJoules / truth.windowSeconds).toFixed(1);
  writeOutput(`${serverTable(server)}\n`);
  if (!options.quiet) {
    const ran = `${trace.invocations.start.length} invocations in ${truth.windowSeconds} s`;
    writeError(`${out}: ${ran}, ${mean} W on average, ${truth.idleWatts} W idle\n`);
  }
}

const WORKLOAD_LIST = Object.entries(WORKLOADS)
  .map(([name, what]) => `  ${name.padEnd(10)}${what}`)
  .join('\n');
const MACHINE_LIST = MACHINES.map(({ name, title }) => `  ${name.padEnd(10)}${title}`).join('\n');

const EXAMPLES = `
Machines:
${MACHINE_LIST}

Workloads:
${WORKLOAD_LIST}

Examples:
  wattloop simulate server --out lab/desktop
  wattloop simulate server --out lab/late --machine server --load 0.7 --sensor-lag -11 --seed 7
  wattloop simulate server --out lab/without --seed 7 --without short-2     the same arrivals, one function left out
  wattloop simulate server --out lab/big --machine server --workload azure --functions 1000 --invocations 1000000 --duration 1h`;

const nameList = (text: string, before: readonly string[]): string[] => [
  ...before,
  ...text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
];

export function simulateServerCommand(): Command {
  const workloads = Object.keys(WORKLOADS);
  const machines = MACHINES.map(({ name }) => name);
  return new Command('server')
    .description(
      'Imitate a server that runs functions, and write what its sensors and logs show as a trace directory, with the truth beside it.',
    )
    .requiredOption('--out <dir>', 'folder for the trace; a trace that is there is replaced')
    .addOption(new Option('--machine <name>', 'what it runs on').choices(machines).default('desktop'))
    .addOption(new Option('--workload <name>', 'what it is asked to do').choices(workloads).default('mixed'))
    .option('--functions <n>', 'how many functions', count, 5)
    .addOption(
      new Option('--duration <time>', 'how long invocations come').argParser(duration).default(1800, '30m'),
    )
    .option(
      '--load <part>',
      'part of the machine that is asked for on average (default: 0.4; full: 1.15)',
      amount,
    )
    .option('--invocations <n>', 'with azure: about so many, their work sized to the load', wholeNumber)
    .option('--seed <n>', 'the same seed gives the same trace, byte for byte', wholeNumber, 1)
    .addOption(
      new Option('--without <names>', 'leave functions out; all other arrivals stay as they are')
        .argParser(nameList)
        .default([], 'none'),
    )
    .option(
      '--marginals',
      `find marginal energies by leaving each function out (default: of up to ${FEW_FUNCTIONS})`,
    )
    .option('--no-marginals', 'find none')
    .addOption(
      new Option('--lead <time>', 'idle machine before the work').argParser(durationOrZero).default(60, '1m'),
    )
    .addOption(new Option('--period <time>', 'time between samples').argParser(interval).default(1, '1s'))
    .addOption(
      new Option('--usage <detail>', 'usage.csv: with counters, with CPU time alone, or not at all')
        .choices(['counters', 'time', 'none'])
        .default('counters'),
    )
    .option('--accelerator', "write the GPU's power too, where the machine has one")
    .option('--tell-idle', 'write the idle power into trace.json')
    .option('--ideal', 'sensors without faults')
    .option('--sensor-lag <time>', 'how late the system meter is; below 0 it is early', signedDuration)
    .option('--sensor-smoothing <time>', 'time constant of the system meter', durationOrZero)
    .option('--sensor-noise <watts>', 'standard deviation of its noise', amount)
    .option('--sensor-quantum <watts>', 'its figures are multiples of this', amount)
    .option('--sensor-dropout <part>', 'chance that a sample is missing', fraction)
    .option('--sensor-stale <part>', 'chance that it hangs for a few samples', fraction)
    .option('--sensor-spike <part>', 'chance that a sample is wild', fraction)
    .option('--sensor-jitter <time>', 'standard deviation of the moments of samples', durationOrZero)
    .addHelpText('after', EXAMPLES)
    .action(run);
}
