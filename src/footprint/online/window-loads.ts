import type { Rows } from '../rows/rows.js';
import type { AccountWindow } from './account-window.js';

/** Who did how much in a window: the window's rows, with an entry for everyone who ran or used the processor in a tick. */
export interface WindowLoads {
  readonly rows: Rows;
  /** By entry: where it stands in the window's own rows; -1 for one that used the processor while none of its calls ran. */
  readonly source: Int32Array;
  /** By entry: processors kept busy, or where that is unknown how many of its calls ran. */
  readonly load: Float64Array;
  /** By entry: 1 where the load is processors. */
  readonly counted: Uint8Array;
  /** By tick: the part of it in which any function ran. */
  readonly presence: Float64Array;
}

const used = (seconds: Float64Array | undefined, tick: number): number => {
  const value = seconds?.[tick] ?? Number.NaN;
  return value >= 0 && value < Infinity ? value : Number.NaN;
};

export function windowLoads({ rows, cpuSeconds }: AccountWindow): WindowLoads {
  const cpu = rows.columns.map((name) => cpuSeconds?.get(name));
  const known = Array.from(cpu.keys()).filter((column) => cpu[column] !== undefined);
  const [column, seconds, activations]: [number[], number[], number[]] = [[], [], []];
  const [source, load, counted]: [number[], number[], number[]] = [[], [], []];
  const rowStart = new Uint32Array(rows.count + 1);
  const presence = new Float64Array(rows.count);
  const push = (who: number, tick: number, from: number): void => {
    const ran = from < 0 ? 0 : (rows.seconds[from] ?? 0);
    const busy = used(cpu[who], tick);
    column.push(who);
    seconds.push(ran);
    activations.push(from < 0 ? 0 : (rows.activations[from] ?? 0));
    source.push(from);
    counted.push(Number.isNaN(busy) ? 0 : 1);
    load.push((Number.isNaN(busy) ? ran : busy) / rows.tickSeconds);
    if (who < rows.functionCount) presence[tick] = (presence[tick] ?? 0) + ran / rows.tickSeconds;
  };
  for (let tick = 0; tick < rows.count; tick++) {
    let next = 0;
    // Both lists are in order of column: what stands in the rows, and who else used the processor.
    const others = (until: number): void => {
      for (; (known[next] ?? until) < until; next++)
        if (used(cpu[known[next] ?? 0], tick) > 0) push(known[next] ?? 0, tick, -1);
      if (known[next] === until) next++;
    };
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++) {
      const who = rows.column[p] ?? 0;
      others(who);
      push(who, tick, p);
    }
    others(rows.columns.length);
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
    presence,
  };
}
