import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { SparseRows } from '../../maths/index.js';
import type { Rows } from '../rows/rows.js';
import type { Expectation, OnlineWindow } from './online.js';

/** A window as the trackers want it: ticks that count, functions that ran in them. */
export interface Evidence {
  readonly names: readonly string[];
  /** A row a tick, a column a name: invocations that ran, on average over the tick. */
  readonly rows: SparseRows;
  readonly watts: Float64Array;
  /** By column: invocations that started. */
  readonly invocations: Float64Array;
  /** By column: the deviation of their latencies; NaN where nobody says. */
  readonly latencyDeviation: Float64Array;
  /** By column: what is expected of a function that is new; undefined where nobody says. */
  readonly expected: readonly (Expectation | undefined)[];
  /** Length of the whole window. */
  readonly seconds: number;
  /** When it ended, on the clock of the rows. */
  readonly end: number;
  /** Mean power of one running invocation; 0 where nothing ran or no power was left for it. */
  readonly wattsPerInvocation: number;
}

const bad = (message: string, remedy?: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, `window of an online update: ${message}`, remedy ? { remedy } : {});

/** Refuses rows in which no work can be counted. */
export function checkRows(rows: Rows): void {
  if (!(rows.tickSeconds > 0 && Number.isFinite(rows.tickSeconds)))
    throw bad(`a tick of ${rows.tickSeconds} s`, 'Give the length of a tick in seconds, above 0.');
  if (!Number.isFinite(rows.start)) throw bad(`it starts at ${rows.start} s`);
  for (let row = 0; row < rows.count; row++) {
    let last = -1;
    for (let p = rows.rowStart[row] ?? 0; p < (rows.rowStart[row + 1] ?? 0); p++) {
      const [column, seconds] = [rows.column[p] ?? -1, rows.seconds[p] ?? Number.NaN];
      const name = rows.columns[column];
      if (name === undefined || column <= last)
        throw bad(`the entries of tick ${row} are not in order of column`);
      if (!(seconds >= 0 && Number.isFinite(seconds)))
        throw bad(`${name} ran for ${seconds} s in tick ${row}`, 'Seconds are finite and not negative.');
      last = column;
    }
  }
}

function check({ rows, watts }: OnlineWindow): void {
  checkRows(rows);
  if (watts.length !== rows.count)
    throw bad(`${rows.count} ticks of work but ${watts.length} of power`, 'Give one figure of power a tick.');
  if (new Set(rows.columns).size !== rows.columns.length) throw bad('two columns have the same name');
}

/** Calls for each tick with a measured power, and each function that ran in it. */
function forEachEntry(
  { rows, watts }: OnlineWindow,
  entry: (column: number, seconds: number, activations: number) => void,
  tick: (watts: number) => void,
): void {
  for (let row = 0; row < rows.count; row++) {
    const power = watts[row] ?? Number.NaN;
    if (!Number.isFinite(power)) continue;
    for (let p = rows.rowStart[row] ?? 0; p < (rows.rowStart[row + 1] ?? 0); p++) {
      const seconds = rows.seconds[p] ?? 0;
      if (seconds > 0) entry(rows.column[p] ?? 0, seconds, rows.activations[p] ?? 0);
    }
    tick(power);
  }
}

/** Leaves out ticks without power or without work, and functions that ran in none of the others. */
export function evidenceOf(window: OnlineWindow): Evidence {
  check(window);
  const { rows, latencies } = window;
  const started = new Float64Array(rows.columns.length).fill(-1);
  forEachEntry(
    window,
    (column, _, activations) => {
      started[column] = Math.max(0, started[column] ?? 0) + activations;
    },
    () => {},
  );
  const active = Array.from(started.keys()).filter((column) => (started[column] ?? -1) >= 0);
  const columnOf = new Int32Array(rows.columns.length);
  for (const [to, from] of active.entries()) columnOf[from] = to;

  const [rowStart, column, value, watts] = [[0], [] as number[], [] as number[], [] as number[]];
  let [power, running] = [0, 0];
  forEachEntry(
    window,
    (from, seconds) => {
      column.push(columnOf[from] ?? 0);
      value.push(seconds / rows.tickSeconds);
      running += seconds / rows.tickSeconds;
    },
    (measured) => {
      if (column.length === rowStart.at(-1)) return;
      rowStart.push(column.length);
      watts.push(measured);
      power += measured;
    },
  );
  const names = active.map((from) => rows.columns[from] ?? '');
  return {
    names,
    rows: {
      count: watts.length,
      width: names.length,
      rowStart: Uint32Array.from(rowStart),
      column: Uint32Array.from(column),
      value: Float64Array.from(value),
    },
    watts: Float64Array.from(watts),
    invocations: Float64Array.from(active, (from) => started[from] ?? 0),
    latencyDeviation: Float64Array.from(
      names,
      (name) => latencies?.get(name)?.deviationSeconds ?? Number.NaN,
    ),
    expected: names.map((name) => window.expected?.get(name)),
    seconds: rows.count * rows.tickSeconds,
    end: rows.start + rows.count * rows.tickSeconds,
    wattsPerInvocation: running > 0 ? Math.max(0, power / running) : 0,
  };
}
