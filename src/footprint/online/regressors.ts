import type { Rows } from '../rows/rows.js';
import type { MachineCurve } from './machine-curve.js';
import type { Expectation, OnlineWindow } from './online.js';
import type { WindowLoads } from './window-loads.js';

/**
 * What is followed of each function and principal, by name: how its load compares with the machine's usual (by processors,
 * or by calls where nobody counts those), and what a running call draws beside its processors (an accelerator, a disk).
 */
export const byProcessor = (name: string): string => `cpu:${name}`;
export const byCall = (name: string): string => `run:${name}`;
export const beside = (name: string): string => `beside:${name}`;

/** The columns' names; a function may be called as a shared principal is. */
export const followedNames = ({ columns, functionCount }: Rows): string[] =>
  columns.map((name, who) => (who < functionCount ? name : `${name} (shared)`));

/** A newcomer's processor draws what the machine's processors usually do, give or take half: they differ by what they compute. */
const PROCESSOR: Expectation = { watts: 1, spreadWatts: 0.5 };
/** A running call may keep many processors busy, or hardly any. */
const CALL: Expectation = { watts: 1, spreadWatts: 4 };
/** Beside processors a call is held to draw nothing, give or take this part of what is drawn for each running call. */
const BESIDE = 0.6;

/** A window as observations of these: the machine's curve says what the usual load would draw in each tick. */
export function regressors(loads: WindowLoads, watts: Float64Array, curve: MachineCurve): OnlineWindow {
  const { rows, load, counted, total } = loads;
  const { functionCount, tickSeconds } = rows;
  // Thousands of functions may be known that did nothing: they get no columns.
  const here = Uint32Array.from(new Set(rows.column)).sort();
  const place = new Int32Array(rows.columns.length);
  for (const [at, who] of here.entries()) place[who] = at;
  const all = followedNames(rows);
  const names = Array.from(here, (who) => all[who] ?? '');
  const [column, seconds]: [number[], number[]] = [[], []];
  const rowStart = new Uint32Array(rows.count + 1);
  const push = (at: number, value: number): void => {
    if (!(value > 0)) return;
    column.push(at);
    seconds.push(value * tickSeconds);
  };
  for (let tick = 0; tick < rows.count; tick++) {
    const [from, to] = [rows.rowStart[tick] ?? 0, rows.rowStart[tick + 1] ?? 0];
    const each = curve.meanWatts(total[tick] ?? 0);
    for (const kind of [1, 0])
      for (let p = from; p < to; p++)
        if (counted[p] === kind && !isUsual(loads, p))
          push((place[rows.column[p] ?? 0] ?? 0) + (kind === 1 ? 0 : names.length), (load[p] ?? 0) * each);
    for (let p = from; p < to; p++) {
      const who = rows.column[p] ?? 0;
      if (who < functionCount && counted[p] === 1)
        push((place[who] ?? 0) + 2 * names.length, (rows.seconds[p] ?? 0) / tickSeconds);
    }
    rowStart[tick + 1] = column.length;
  }
  const besideCall = { watts: 0, spreadWatts: BESIDE * wattsOfCall(rows, watts) };
  const columns = [...names.map(byProcessor), ...names.map(byCall), ...names.map(beside)];
  return {
    rows: {
      start: rows.start,
      tickSeconds,
      count: rows.count,
      columns,
      functionCount: columns.length,
      rowStart,
      column: Uint32Array.from(column),
      seconds: Float64Array.from(seconds),
      activations: new Uint32Array(column.length),
    },
    watts: leftForFunctions(loads, watts, curve),
    expected: new Map(
      names.flatMap((name) => [
        [byProcessor(name), PROCESSOR] as const,
        [byCall(name), CALL] as const,
        [beside(name), besideCall] as const,
      ]),
    ),
  };
}

/** Shared principals run ordinary code: their processors are held to draw what the machine's usually do. */
const isUsual = ({ rows, counted }: WindowLoads, entry: number): boolean =>
  counted[entry] === 1 && (rows.column[entry] ?? 0) >= rows.functionCount;

/** Power without the floor and without what shared principals draw. */
function leftForFunctions(loads: WindowLoads, watts: Float64Array, curve: MachineCurve): Float64Array {
  const { rows, load, presence, total } = loads;
  return watts.map((value, tick) => {
    const each = curve.meanWatts(total[tick] ?? 0);
    let left = value - curve.floorWatts * (presence[tick] ?? 0);
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++)
      if (isUsual(loads, p)) left -= (load[p] ?? 0) * each;
    return left;
  });
}

/** Mean power for each running call; 0 where nothing ran. */
function wattsOfCall(
  { count, rowStart, column, seconds, functionCount, tickSeconds }: Rows,
  watts: Float64Array,
): number {
  let [drawn, running] = [0, 0];
  for (let tick = 0; tick < count; tick++) {
    if (!Number.isFinite(watts[tick])) continue;
    drawn += watts[tick] ?? 0;
    for (let p = rowStart[tick] ?? 0; p < (rowStart[tick + 1] ?? 0); p++)
      if ((column[p] ?? 0) < functionCount) running += (seconds[p] ?? 0) / tickSeconds;
  }
  return running > 0 ? Math.max(0, drawn) / running : 0;
}
