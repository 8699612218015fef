import type { Rows } from '../rows/rows.js';
import type { WindowLoads } from './window-loads.js';

/** The names by which powers are followed: a function's by processors it keeps busy is another than by calls that run. */
export const FLOOR = 'floor';
export const byProcessor = (name: string): string => `cpu:${name}`;
export const byCall = (name: string): string => `run:${name}`;

/** The window as the powers' observations: loads by processor, loads by call, and whether anyone was there. */
export function regressors({ rows, load, counted, presence }: WindowLoads): Rows {
  const { columns, tickSeconds } = rows;
  const [column, seconds, activations]: [number[], number[], number[]] = [[], [], []];
  const rowStart = new Uint32Array(rows.count + 1);
  for (let tick = 0; tick < rows.count; tick++) {
    const [from, to] = [rows.rowStart[tick] ?? 0, rows.rowStart[tick + 1] ?? 0];
    for (const [kind, offset] of [
      [1, 0],
      [0, columns.length],
    ] as const)
      for (let p = from; p < to; p++) {
        if (counted[p] !== kind || !((load[p] ?? 0) > 0)) continue;
        column.push(offset + (rows.column[p] ?? 0));
        seconds.push((load[p] ?? 0) * tickSeconds);
        activations.push(rows.activations[p] ?? 0);
      }
    if ((presence[tick] ?? 0) > 0) {
      column.push(2 * columns.length);
      seconds.push((presence[tick] ?? 0) * tickSeconds);
      activations.push(0);
    }
    rowStart[tick + 1] = column.length;
  }
  return {
    start: rows.start,
    tickSeconds,
    count: rows.count,
    columns: [...columns.map(byProcessor), ...columns.map(byCall), FLOOR],
    functionCount: 2 * columns.length + 1,
    rowStart,
    column: Uint32Array.from(column),
    seconds: Float64Array.from(seconds),
    activations: Uint32Array.from(activations),
  };
}
