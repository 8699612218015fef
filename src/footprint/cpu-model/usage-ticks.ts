import { median, PowerIntegral } from '../../maths/index.js';
import type { PowerTable, UsageTable } from '../../model/index.js';
import { cleanPowerTable } from '../power/clean.js';
import { usableWatts } from '../power/marks.js';
import type { PrincipalUsage, UsageByTick } from '../rows/usage-by-tick.js';
import {
  COUNTER_NAMES,
  type CounterColumns,
  type CounterName,
  counterColumns,
  eachCounter,
  sampleAt,
} from './counters.js';
import type { CpuRows } from './fit.js';
import { systemOf, type UsageTick } from './function-cpu-watts.js';

const SYSTEM = 'system';
const FUNCTION_PREFIX = 'fn:';
/** Rows whose times differ by no more than this are of one tick. */
const SAME_MOMENT_SECONDS = 1e-6;

/** The table's rows in order of time. */
function inTime(t: Float64Array): Uint32Array {
  const order = Uint32Array.from(t.keys());
  const sorted = t.every((at, row) => row === 0 || at >= (t[row - 1] ?? 0));
  return sorted ? order : order.sort((a, b) => (t[a] ?? 0) - (t[b] ?? 0));
}

const columnOf = (usage: UsageTable, name: CounterName): Float64Array | undefined => usage[name];

/** A usage table tick by tick: who used what, and how long each tick was. */
export class UsageTicks {
  readonly #usage: UsageTable;
  readonly #order: Uint32Array;
  readonly #rowStart: number[] = [];
  /** By the table's principal: its place among those of a tick, or -1 for the system. */
  readonly #place: Int32Array;
  readonly #hasSystem: boolean;
  /** Names of the principals, the system left out. */
  readonly principals: readonly string[];
  /** The end of each tick. */
  readonly times: Float64Array;
  readonly seconds: Float64Array;

  constructor(usage: UsageTable) {
    this.#usage = usage;
    this.#order = inTime(usage.t);
    const times: number[] = [];
    for (const [i, row] of this.#order.entries()) {
      const at = usage.t[row] ?? Number.NaN;
      if (times.length > 0 && !(at - (times.at(-1) ?? 0) > SAME_MOMENT_SECONDS)) continue;
      times.push(at);
      this.#rowStart.push(i);
    }
    this.#rowStart.push(this.#order.length);
    this.times = Float64Array.from(times);
    // What was counted up to the first moment was counted over a tick as long as usual.
    const spans = this.times.subarray(1).map((at, i) => at - (this.times[i] ?? 0));
    this.seconds = Float64Array.of(median(spans), ...spans).subarray(0, this.times.length);
    this.principals = usage.principals.filter((name) => name !== SYSTEM);
    this.#hasSystem = this.principals.length < usage.principals.length;
    let place = 0;
    this.#place = Int32Array.from(usage.principals, (name) => (name === SYSTEM ? -1 : place++));
  }

  get count(): number {
    return this.times.length;
  }

  /** Who used what in a tick. A principal without a row did nothing. */
  at(tick: number): UsageTick {
    const counters = counterColumns(this.principals.length);
    const system = counterColumns(1, this.#hasSystem ? 0 : Number.NaN);
    const [from, to] = [this.#rowStart[tick] ?? 0, this.#rowStart[tick + 1] ?? 0];
    for (const name of COUNTER_NAMES) {
      const column = columnOf(this.#usage, name);
      for (const row of this.#order.subarray(from, to)) {
        const place = this.#place[this.#usage.principalIndex[row] ?? 0] ?? -1;
        const [into, at] = place < 0 ? [system[name], 0] : [counters[name], place];
        into[at] = (into[at] ?? 0) + (column?.[row] ?? Number.NaN);
      }
    }
    return {
      seconds: this.seconds[tick] ?? Number.NaN,
      principals: this.principals,
      counters,
      ...(this.#hasSystem ? { system: sampleAt(system, 0) } : {}),
    };
  }
}

const amountAt = (usage: PrincipalUsage | undefined, name: CounterName, tick: number): number =>
  usage?.[name]?.[tick] ?? Number.NaN;

/** Who used what in a tick of the account, whose ticks needn't be those of the samples. */
export function usageTickAt({ ticks, functions, others }: UsageByTick, tick: number): UsageTick {
  const system = others.get(SYSTEM);
  const named = [
    ...[...functions].map(([name, usage]) => [`${FUNCTION_PREFIX}${name}`, usage] as const),
    ...[...others].filter(([name]) => name !== SYSTEM),
  ];
  return {
    seconds: ticks.tickSeconds,
    principals: named.map(([name]) => name),
    counters: eachCounter((name) => Float64Array.from(named, ([, usage]) => amountAt(usage, name, tick))),
    ...(system && { system: eachCounter((name) => amountAt(system, name, tick)) }),
  };
}

/** What the system counted in each tick; the sum of its principals where there is no row of its own. */
function systemCounters(ticks: UsageTicks): CounterColumns {
  const columns = counterColumns(ticks.count, Number.NaN);
  for (let tick = 0; tick < ticks.count; tick++) {
    const { counters, system } = ticks.at(tick);
    const whole = systemOf(counters, system);
    for (const name of COUNTER_NAMES) columns[name][tick] = whole[name];
  }
  return columns;
}

/** Mean CPU power in each tick; NaN where usable readings don't cover it. `lagSeconds` is how late power comes. */
export function cpuWattsOf(power: PowerTable, ticks: UsageTicks, lagSeconds = 0): Float64Array {
  const watts = usableWatts(power.cpuWatts, cleanPowerTable(power).cpu);
  const samples = [...watts].flatMap((value, row) =>
    Number.isFinite(value) ? [{ at: power.t[row] ?? 0, watts: value }] : [],
  );
  const windows = { starts: ticks.times.map((at, i) => at - (ticks.seconds[i] ?? 0)), ends: ticks.times };
  const into = new Float64Array(ticks.count).fill(Number.NaN);
  if (samples.length < 3) return into;
  return new PowerIntegral({ sampling: 'mean', samples }).means(windows, -lagSeconds, into);
}

/** What a CPU model is fitted to: the system's counters and CPU power, tick by tick. */
export function cpuRowsOf(usage: UsageTable, power: PowerTable, lagSeconds = 0): CpuRows {
  const ticks = new UsageTicks(usage);
  return {
    seconds: ticks.seconds,
    counters: systemCounters(ticks),
    watts: cpuWattsOf(power, ticks, lagSeconds),
  };
}
