import { ErrorCode, WattloopError } from '../../base/index.js';
import { type Random, seededRandom } from '../../maths/index.js';
import type { PowerTable, Trace, TraceDescription, TraceTruth } from '../../model/index.js';
import { ServerEngine } from './engine.js';
import type { ServerGate } from './gate.js';
import { logicalProcessors, type Machine } from './machine.js';
import { type EnergyCourse, logged } from './recorder.js';
import { meanWatts, smoothed } from './sampling.js';
import { type Sensor, withFaults } from './sensor.js';
import { IDEAL_SENSORS, type ServerSensors } from './sensors.js';
import type { FunctionTruth, ServerTruth } from './truth.js';
import type { UsageDetail } from './usage-recorder.js';
import type { Workload } from './workload.js';

export interface ServerOptions {
  readonly machine: Machine;
  readonly workload: Workload;
  readonly seed: number;
  /** Invocations come for so long. The record goes on until all have ended and the machine is idle again. */
  readonly durationSeconds: number;
  /** The idle machine that is on record before the work begins. */
  readonly leadSeconds?: number;
  readonly periodSeconds?: number;
  readonly sensors?: ServerSensors;
  readonly usage?: UsageDetail;
  /** Whether the power of the GPU is on record, on machines that have one. */
  readonly accelerator?: boolean;
  /** Functions that are left out; the others are asked for at the same times for the same work. */
  readonly without?: readonly string[];
  /** Whether the description tells the machine's idle power. */
  readonly tellIdle?: boolean;
  /** Who decides when invocations may begin; at once where nobody does. */
  readonly gate?: ServerGate;
  /** Told again and again which part of the work is done: 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

export interface SimulatedServer {
  readonly trace: Trace;
  readonly truth: ServerTruth;
}

const DEFAULT_LEAD_SECONDS = 60;
/** Long enough for a sensor that is twenty seconds late to show the end of the work. */
const COOL_SECONDS = 30;
const STEPS_PER_PERIOD = 10;

/** Runs a workload on a machine: what its sensors and logs showed, and what is true. */
export function simulateServer(options: ServerOptions): SimulatedServer {
  const { machine, seed, periodSeconds = 1, leadSeconds = DEFAULT_LEAD_SECONDS } = options;
  const random = seededRandom(seed);
  const workload = checkedWorkload(options);
  const engine = new ServerEngine({
    machine,
    workload,
    random,
    durationSeconds: options.durationSeconds,
    leadSeconds: Math.ceil(leadSeconds / periodSeconds) * periodSeconds,
    coolSeconds: COOL_SECONDS,
    periodSeconds,
    stepsPerPeriod: STEPS_PER_PERIOD,
    usage: options.usage ?? 'counters',
    gate: options.gate,
    onSample: (time) => options.onProgress?.(Math.max(0, Math.min(1, time / options.durationSeconds))),
  });
  const course = engine.run();
  const truth = truthOf(engine, course, machine, workload);
  const names = workload.functions.map(({ profile }) => profile.name);
  const usage = engine.usage.table();
  const trace: Trace = {
    power: sampled(course, random, options),
    invocations: engine.invocations.table(names),
    ...(usage && { usage }),
    description: descriptionOf(machine, workload, options.tellIdle ?? false),
    truth: traceTruth(truth),
  };
  return { trace, truth };
}

function checkedWorkload({ machine, workload, without = [], durationSeconds }: ServerOptions): Workload {
  const fail = (message: string, remedy: string): never => {
    throw new WattloopError(ErrorCode.badUsage, message, { remedy });
  };
  const names = new Set(workload.functions.map(({ profile }) => profile.name));
  if (names.size < workload.functions.length) fail('two functions have the same name', 'Give each its own');
  for (const name of without)
    if (!names.has(name))
      fail(`there is no function "${name}" to leave out`, `There are ${[...names].join(', ')}`);
  for (const { profile } of workload.functions) {
    if (profile.gpuSeconds > 0 && machine.gpu === undefined)
      fail(`"${profile.name}" needs a GPU, which the ${machine.name} lacks`, 'Choose a machine that has one');
    if (profile.memoryMebibytes > machine.memoryMebibytes)
      fail(`"${profile.name}" needs more memory than the ${machine.name} has`, 'Choose a larger machine');
  }
  if (!(durationSeconds > 0 && Number.isFinite(durationSeconds)))
    fail('a run needs a duration above 0', 'Give it in seconds');
  const left = new Set(without);
  return { ...workload, functions: workload.functions.filter(({ profile }) => !left.has(profile.name)) };
}

function truthOf(
  engine: ServerEngine,
  course: EnergyCourse,
  machine: Machine,
  workload: Workload,
): ServerTruth {
  const { startSeconds, stepSeconds, systemJoules } = course;
  const first = Math.round(-startSeconds / stepSeconds);
  const windowSeconds = (systemJoules.length - 1 - first) * stepSeconds;
  const energyJoules = (systemJoules.at(-1) ?? 0) - (systemJoules[first] ?? 0);
  const idle = machine.idleWatts * windowSeconds;
  const active = engine.stage.meters.filter(({ invocations }) => invocations > 0).length;
  const functions = engine.stage.meters.map((meter, index): FunctionTruth => {
    const { invocations, coldStarts, runSeconds, ownJoules, control } = meter;
    const floorJoules = (engine.stage.floor.joules[index] ?? 0) + (engine.stage.gpuFloor.joules[index] ?? 0);
    const idleJoules = invocations > 0 ? idle / active : 0;
    return {
      name: workload.functions[index]?.profile.name ?? '',
      invocations,
      coldStarts,
      ...(invocations > 0 && { meanLatencySeconds: runSeconds / invocations }),
      workJoules: ownJoules,
      floorJoules,
      controlPlaneJoules: control.joules,
      idleJoules,
      totalJoules: ownJoules + floorJoules + control.joules + idleJoules,
    };
  });
  const { idleWatts, idleCpuWatts } = machine;
  const unattributedJoules = active > 0 ? 0 : idle;
  return { idleWatts, idleCpuWatts, windowSeconds, energyJoules, unattributedJoules, functions };
}

/** The truth as a trace tells it: joules per invocation. */
export function traceTruth({ functions }: ServerTruth): TraceTruth {
  const ran = functions.filter(({ invocations }) => invocations > 0);
  return {
    functions: Object.fromEntries(
      ran.map(({ name, invocations, workJoules, floorJoules, marginalJoules }) => [
        name,
        {
          individualJoules: (workJoules + floorJoules) / invocations,
          ...(marginalJoules !== undefined && { marginalJoules: marginalJoules / invocations }),
        },
      ]),
    ),
  };
}

function sampled(
  { startSeconds, stepSeconds, systemJoules, cpuJoules, acceleratorJoules }: EnergyCourse,
  random: Random,
  { machine, sensors = IDEAL_SENSORS, periodSeconds = 1, accelerator = false }: ServerOptions,
): PowerTable {
  const { idleWatts, idleCpuWatts, gpu } = machine;
  const { system, cpu, jitterSeconds }: ServerSensors = sensors;
  const count = Math.round(((systemJoules.length - 1) * stepSeconds) / periodSeconds);
  const jitter = random.fork('moments');
  const most = 0.45 * periodSeconds;
  const moments = Float64Array.from({ length: count + 1 }, (_, i) => {
    const late = jitterSeconds > 0 ? Math.max(-most, Math.min(most, jitterSeconds * jitter.normal())) : 0;
    return logged(startSeconds + i * periodSeconds + late);
  });
  const seen = (joules: Float64Array, sensor: Sensor, idle: number, name: string): Float64Array => {
    const course = smoothed({ startSeconds, stepSeconds, joules }, sensor.smoothingSeconds, idle);
    return withFaults(
      meanWatts(course, moments, sensor.lagSeconds, idle),
      sensor,
      random.fork(name),
      periodSeconds,
    );
  };
  return {
    t: moments.slice(1),
    systemWatts: seen(systemJoules, system, idleWatts, 'system sensor'),
    cpuWatts: seen(cpuJoules, cpu, idleCpuWatts, 'cpu sensor'),
    // A counter of the same kind as the processor's.
    ...(gpu &&
      accelerator && {
        acceleratorWatts: seen(acceleratorJoules, cpu, gpu.idleWatts ?? 0, 'accelerator sensor'),
      }),
  };
}

function descriptionOf(machine: Machine, { functions }: Workload, tellIdle: boolean): TraceDescription {
  const accelerated = functions
    .filter(({ profile }) => profile.gpuSeconds > 0)
    .map(({ profile }) => profile.name);
  const { idleWatts, idleCpuWatts, embodiedKilograms, lifetimeYears } = machine;
  return {
    ...(tellIdle && { idleWatts, idleCpuWatts }),
    cores: logicalProcessors(machine),
    embodiedKilograms,
    lifetimeYears,
    ...(machine.gpu && { acceleratorFunctions: accelerated }),
  };
}
