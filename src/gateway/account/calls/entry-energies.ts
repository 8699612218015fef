import type { Rows, WindowAccount } from '../../../footprint/index.js';

/** Functions' energies of a window by tick: tick `t` of the function in column `c` stands at `c · ticks + t`. */
export interface EntryEnergies {
  readonly from: number;
  readonly to: number;
  readonly ticks: number;
  readonly tickSeconds: number;
  readonly columnOf: ReadonlyMap<string, number>;
  /** Seconds that its calls ran. */
  readonly seconds: Float64Array;
  /** Own joules; NaN where nothing was measured, or nobody knew of a call. */
  readonly joules: Float64Array;
  /** By column: its share of idle over the whole window; NaN while idle is unknown. */
  readonly idleJoules: Float64Array;
}

export function entryEnergies(rows: Rows, account: WindowAccount, isIdleKnown: boolean): EntryEnergies {
  const { start, tickSeconds, count, functionCount, rowStart } = rows;
  const columnOf = new Map<string, number>();
  for (let column = 0; column < functionCount; column++) columnOf.set(rows.columns[column] ?? '', column);
  const seconds = new Float64Array(functionCount * count);
  const joules = new Float64Array(functionCount * count).fill(Number.NaN);
  for (let tick = 0; tick < count; tick++) {
    for (let entry = rowStart[tick] ?? 0; entry < (rowStart[tick + 1] ?? 0); entry++) {
      const column = rows.column[entry] ?? 0;
      if (column >= functionCount) continue;
      seconds[column * count + tick] = rows.seconds[entry] ?? 0;
      joules[column * count + tick] = account.entryJoules[entry] ?? Number.NaN;
    }
  }
  const idleJoules = new Float64Array(functionCount).fill(isIdleKnown ? 0 : Number.NaN);
  for (const { function: name, idleJoules: idle } of account.functions) {
    const column = columnOf.get(name);
    if (column !== undefined && isIdleKnown) idleJoules[column] = idle;
  }
  const to = start + count * tickSeconds;
  return { from: start, to, ticks: count, tickSeconds, columnOf, seconds, joules, idleJoules };
}
