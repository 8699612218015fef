import type { Rows } from '../rows/rows.js';
import type { AccountWindow } from './account-window.js';

/** Who did how much in a window: the window's rows, with an entry for everyone who ran or used the processor in a tick. */
export interface WindowLoads {
  readonly rows: Rows;
  /** By entry: where it stands in the window's own rows; -1 for one that used the processor while none of its calls ran. */
  readonly source: Int32Array;
  /** By entry: processors kept busy. Where nobody counts them: as many as its calls usually do, or one a call. */
  readonly load: Float64Array;
  /** By entry: 1 where the processors are counted, now or in what is usual. */
  readonly counted: Uint8Array;
  /** By entry: 1 where they are counted now. */
  readonly measured: Uint8Array;
  /** By tick: the load of all. */
  readonly total: Float64Array;
  /** By tick: the part of it in which any function ran. */
  readonly presence: Float64Array;
}

/** More processors than a machine has: such a figure is none. */
const MOST_PROCESSORS = 1e6;

const used = (seconds: Float64Array | undefined, tick: number, tickSeconds: number): number => {
  const value = seconds?.[tick] ?? Number.NaN;
  return value >= 0 && value <= MOST_PROCESSORS * tickSeconds ? value : Number.NaN;
};

/** What is known beforehand of functions. */
export interface UsualLoads {
  /** Processors that a running call keeps busy; undefined where nobody ever counted them. */
  readonly processors: (name: string) => number | undefined;
  /** How much its calls weigh beside others' in the load of all, where nobody counts processors. */
  readonly weight: (name: string) => number;
}

export function windowLoads({ rows, cpuSeconds }: AccountWindow, usual: UsualLoads): WindowLoads {
  const { tickSeconds, columns, functionCount } = rows;
  const cpu = columns.map((name) => cpuSeconds?.get(name));
  const known = Array.from(cpu.keys()).filter((who) => cpu[who] !== undefined);
  const rates = columns.map((name, who) => (who < functionCount ? usual.processors(name) : undefined));
  const weights = columns.map((name, who) => (who < functionCount ? usual.weight(name) : 1));
  const [column, seconds, activations]: [number[], number[], number[]] = [[], [], []];
  const [source, load, counted, measured]: [number[], number[], number[], number[]] = [[], [], [], []];
  const rowStart = new Uint32Array(rows.count + 1);
  const [total, presence] = [new Float64Array(rows.count), new Float64Array(rows.count)];
  const push = (who: number, tick: number, from: number): void => {
    const ran = from < 0 ? 0 : (rows.seconds[from] ?? 0);
    const busy = used(cpu[who], tick, tickSeconds);
    const isMeasured = !Number.isNaN(busy);
    const isCounted = isMeasured || rates[who] !== undefined;
    const processors = Math.min(MOST_PROCESSORS, (isMeasured ? busy : ran * (rates[who] ?? 1)) / tickSeconds);
    column.push(who);
    seconds.push(ran);
    activations.push(from < 0 ? 0 : (rows.activations[from] ?? 0));
    source.push(from);
    measured.push(isMeasured ? 1 : 0);
    counted.push(isCounted ? 1 : 0);
    load.push(processors);
    total[tick] = (total[tick] ?? 0) + processors * (isCounted ? 1 : (weights[who] ?? 1));
    if (who < functionCount) presence[tick] = (presence[tick] ?? 0) + ran / tickSeconds;
  };
  for (let tick = 0; tick < rows.count; tick++) {
    let next = 0;
    // Both lists are in order of column: what stands in the rows, and who else used the processor.
    const others = (until: number): void => {
      for (; (known[next] ?? until) < until; next++)
        if (used(cpu[known[next] ?? 0], tick, tickSeconds) > 0) push(known[next] ?? 0, tick, -1);
      if (known[next] === until) next++;
    };
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++) {
      const who = rows.column[p] ?? 0;
      others(who);
      push(who, tick, p);
    }
    others(columns.length);
    presence[tick] = Math.min(1, presence[tick] ?? 0);
    rowStart[tick + 1] = column.length;
  }
  return {
    rows: {
      ...rows,
      rowStart,
      column: Uint32Array.from(column),
      seconds: Float64Array.from(seconds),
      activations: Uint32Array.from(activations),
    },
    source: Int32Array.from(source),
    load: Float64Array.from(load),
    counted: Uint8Array.from(counted),
    measured: Uint8Array.from(measured),
    total,
    presence,
  };
}
