import type { AccountWindow } from '../online/account-window.js';
import type { Rows } from '../rows/rows.js';

/** Some ticks of rows, as rows of their own. */
function rowsSlice(rows: Rows, from: number, to: number): Rows {
  const [first, last] = [rows.rowStart[from] ?? 0, rows.rowStart[to] ?? 0];
  return {
    ...rows,
    start: rows.start + from * rows.tickSeconds,
    count: to - from,
    rowStart: rows.rowStart.slice(from, to + 1).map((at) => at - first),
    column: rows.column.subarray(first, last),
    seconds: rows.seconds.subarray(first, last),
    activations: rows.activations.subarray(first, last),
  };
}

/** The windows that a long one is made of, each of so many ticks; the last may be shorter. */
export function* windowSlices(whole: AccountWindow, ticks: number): Iterable<AccountWindow> {
  const { rows, watts, idleWatts, cpuSeconds, gramsPerKilowattHour } = whole;
  for (let from = 0; from < rows.count; from += ticks) {
    const to = Math.min(rows.count, from + ticks);
    const cut = (values: Float64Array): Float64Array => values.subarray(from, to);
    yield {
      ...whole,
      rows: rowsSlice(rows, from, to),
      watts: cut(watts),
      idleWatts: cut(idleWatts),
      ...(cpuSeconds && {
        cpuSeconds: new Map(Array.from(cpuSeconds, ([name, seconds]) => [name, cut(seconds)])),
      }),
      gramsPerKilowattHour:
        typeof gramsPerKilowattHour === 'number' ? gramsPerKilowattHour : cut(gramsPerKilowattHour),
    };
  }
}
