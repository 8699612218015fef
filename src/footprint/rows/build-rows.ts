import type { InvocationTable } from '../../model/index.js';
import { RowBuilder } from './row-builder.js';
import type { Rows } from './rows.js';
import { emptyTally, type RowsReport, type RowsTally } from './rows-report.js';
import type { SharedColumns } from './shared-columns.js';
import { isInside, isTime, sweep } from './sweep.js';
import { checkTicks, edgeOf, type Ticks } from './ticks.js';

export interface BuiltRows {
  readonly rows: Rows;
  readonly report: RowsReport;
}

/** Who ran when, tick by tick, from all invocations at once. Time and memory are in proportion to invocations and entries. */
export function buildRows(invocations: InvocationTable, ticks: Ticks, shared?: SharedColumns): BuiltRows {
  checkTicks(ticks);
  const { start, tickSeconds, count } = ticks;
  const { functions } = invocations;
  const tally = emptyTally();
  tallyUp(invocations, ticks, tally);
  const builder = new RowBuilder(functions, { start, tickSeconds, count }, shared);
  const columns = { ...invocations, count: invocations.start.length };
  tally.overlapping = sweep(columns, functions.length, ticks, [0, count], builder);
  return { rows: builder.rows(), report: tally };
}

/** Counts what is peculiar. */
function tallyUp({ start, end }: InvocationTable, ticks: Ticks, tally: RowsTally): void {
  const [from, to] = [ticks.start, edgeOf(ticks, ticks.count)];
  let latest = Number.NEGATIVE_INFINITY;
  tally.invocations = start.length;
  for (let row = 0; row < start.length; row++) {
    const begin = start[row] ?? Number.NaN;
    const finish = end[row] ?? Number.NaN;
    if (!isTime(begin, finish)) {
      tally.invalid++;
      continue;
    }
    if (begin < latest) tally.outOfOrder++;
    else latest = begin;
    if (!isInside(begin, finish, from, to)) tally.outside++;
    else if (finish === begin) tally.zeroLength++;
    else if (finish === Number.POSITIVE_INFINITY) tally.neverEnding++;
  }
}
