import {
  COUNTER_NAMES,
  type CounterColumns,
  type CounterSample,
  counterColumns,
  eachCounter,
  sampleAt,
} from './counters.js';
import {
  busyJoules,
  type CountedCpuModel,
  CPU_MODEL_METHODS,
  type CpuModel,
  countedJoules,
  inputWords,
  modelFor,
} from './model.js';
import { soundSample } from './sound-counters.js';

/** What everyone used in one tick. */
export interface UsageTick {
  readonly seconds: number;
  /** Functions, the control plane, the operating system…: all but the system as a whole. */
  readonly principals: readonly string[];
  /** By principal; 0 for one that did nothing, NaN where a counter is not available. */
  readonly counters: CounterColumns;
  /** What the whole system counted; absent where nobody says: then it is the sum. */
  readonly system?: CounterSample;
  /** Mean CPU power in the tick; NaN or absent where it was not measured: then it is modelled. */
  readonly cpuWatts?: number;
  /** CPU power at rest, where it is known better than the model knows it. */
  readonly idleCpuWatts?: number | undefined;
}

/** CPU power of one tick, shared out: `watts`, `unattributedWatts` and `idleWatts` make up `totalWatts`. */
export interface CpuShares {
  /** By principal, idle left out. */
  readonly watts: Float64Array;
  /** Measured where it was, else modelled. */
  readonly totalWatts: number;
  readonly idleWatts: number;
  /** What nobody in the list used; where power is measured below idle, what it is below. */
  readonly unattributedWatts: number;
  /** Principals whose counters were bad or missing, and were taken in proportion to their CPU time. */
  readonly estimated: readonly string[];
  /** Principals of which not even CPU time is known: they got nothing. */
  readonly unknown: readonly string[];
  readonly totalProvenance: 'measured' | 'modelled';
  readonly method: string;
}

/** Less work than this in a tick is rounding. */
const LEAST_JOULES = 1e-12;

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
const sumOfTold = (values: Float64Array): number => sumOf(values.filter(Number.isFinite));

/** What the system counted, never less than its principals together: they are read one after another. */
export function systemOf(counters: CounterColumns, stated: CounterSample | undefined): CounterSample {
  return eachCounter((name) => {
    const whole = stated?.[name] ?? Number.NaN;
    if (Number.isFinite(whole)) return Math.max(whole, sumOfTold(counters[name]));
    // A sum that lacks somebody's cycles would make the others' look like more of it than they are.
    const told = name === 'cpuSeconds' ? counters[name].filter(Number.isFinite) : counters[name];
    return told.length > 0 ? sumOf(told) : Number.NaN;
  });
}

/** Counters of each principal without what can't be: nobody has more CPU time than the system. */
function soundOf({ counters, principals }: UsageTick, system: CounterSample | undefined): CounterColumns {
  const sound = counterColumns(principals.length);
  for (const index of principals.keys()) {
    const sample = soundSample(sampleAt(counters, index), system?.cpuSeconds);
    for (const name of COUNTER_NAMES) sound[name][index] = sample[name];
  }
  return sound;
}

interface Works {
  /** Joules of each principal's work, as the model has it. */
  readonly joules: Float64Array;
  readonly estimated: readonly string[];
  readonly unknown: readonly string[];
}

/** What its counters say, and its part by CPU time of what the processor takes for being busy at all. */
function worksOf(
  model: CountedCpuModel,
  principals: readonly string[],
  counters: CounterColumns,
  system: CounterSample,
  shared: { readonly counted: number; readonly busy: number },
): Works {
  const joules = new Float64Array(principals.length);
  const [estimated, unknown]: [string[], string[]] = [[], []];
  for (const [index, name] of principals.entries()) {
    const sample = sampleAt(counters, index);
    const own = countedJoules(model, sample);
    const part = system.cpuSeconds > 0 ? sample.cpuSeconds / system.cpuSeconds : 0;
    if (Number.isFinite(part)) joules[index] = part * shared.busy;
    if (Number.isFinite(own)) joules[index] = own + (joules[index] ?? 0);
    else if (Number.isFinite(part)) {
      joules[index] = part * (shared.counted + shared.busy);
      estimated.push(name);
    } else unknown.push(name);
  }
  return { joules, estimated, unknown };
}

/**
 * The CPU power of a tick by who used it: each principal's counters against the system's, weighed by what the model says
 * they take. Shares of all principals and what nobody in the list used add up to CPU power above idle: as it was
 * measured, else as it is modelled. Undefined where not even the system's CPU time is known.
 */
export function functionCpuWatts(model: CpuModel, tick: UsageTick): CpuShares | undefined {
  const stated = tick.system === undefined ? undefined : soundSample(tick.system);
  const counters = soundOf(tick, stated);
  const system = systemOf(counters, stated);
  const usable = modelFor(model, system);
  if (usable === undefined || !(tick.seconds > 0)) return undefined;
  const shared = { counted: countedJoules(usable, system), busy: busyJoules(usable, system, tick.seconds) };
  const systemJoules = shared.counted + shared.busy;
  const { joules, estimated, unknown } = worksOf(usable, tick.principals, counters, system, shared);
  const idleWatts = tick.idleCpuWatts ?? usable.idleWatts;
  const measured = Number.isFinite(tick.cpuWatts ?? Number.NaN);
  const totalWatts = measured ? (tick.cpuWatts ?? 0) : idleWatts + systemJoules / tick.seconds;
  const above = totalWatts - idleWatts;
  // What is measured below idle is nobody's.
  const whole = Math.max(systemJoules, sumOf(joules));
  const wattsPerJoule = whole > LEAST_JOULES ? Math.max(0, above) / whole : 0;
  const watts = joules.map((value) => value * wattsPerJoule);
  return {
    watts,
    totalWatts,
    idleWatts,
    unattributedWatts: above - sumOf(watts),
    estimated,
    unknown,
    totalProvenance: measured ? 'measured' : 'modelled',
    method: methodOf(model, usable),
  };
}

function methodOf(model: CpuModel, usable: CountedCpuModel): string {
  const words = `${CPU_MODEL_METHODS[usable.method]} of CPU power on ${inputWords(usable)}`;
  if (usable === model) return model.reason === undefined ? words : `${words} (${model.reason})`;
  return `${words} (performance counters are missing here)`;
}
