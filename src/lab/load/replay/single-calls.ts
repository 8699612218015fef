import type { Columns } from '../../trace/csv/header.js';
import { Names } from '../../trace/csv/names.js';
import { type RowTaker, readTable } from '../../trace/csv/read-table.js';
import type { Row } from '../../trace/csv/row.js';
import { GrowingCells } from './growing-cells.js';
import type { ReplayedTrace, TraceWindow } from './replayed-trace.js';

const FUNCTION = 0;
/** Of `invocations.csv` the start; of the traces of 2021 the end, and how long the call took. */
const TIME = 1;
const SECONDS_BEFORE = 2;

/** Rows of tables that have a call each. */
class CallRows implements RowTaker {
  readonly names = new Names('function');
  readonly cells = new GrowingCells();
  readonly #hasEnds: boolean;

  constructor(hasEnds: boolean) {
    this.#hasEnds = hasEnds;
  }

  expect(): void {}

  take(row: Row): void {
    const index = row.name(FUNCTION, this.names);
    const at = row.required(TIME) - (this.#hasEnds ? row.required(SECONDS_BEFORE) : 0);
    this.cells.add(index, at, 1);
  }
}

async function read(
  path: string,
  columns: Columns,
  hasEnds: boolean,
  window: TraceWindow,
): Promise<ReplayedTrace> {
  const rows = new CallRows(hasEnds);
  await readTable(path, columns, rows);
  const { first } = rows.cells;
  // The window begins with the first call: nobody waits for the silence before it.
  const all = rows.cells.cells(0);
  const within = new GrowingCells();
  for (const [row, time] of all.at.entries()) {
    const at = time - first - window.fromSeconds;
    if (at >= 0 && at < window.seconds) within.add(all.functionIndex[row] ?? 0, at, 1);
  }
  return {
    functions: within.functions(rows.names.all),
    // The last call is in it.
    seconds: within.last + Number.EPSILON * Math.max(1, within.last),
    cells: within.cells(0),
  };
}

export const readInvocationStarts = (path: string, window: TraceWindow): Promise<ReplayedTrace> =>
  read(path, { required: ['function', 'start'], optional: ['end', 'cold'] }, false, window);

export const AZURE_CALLS_COLUMN = 'end_timestamp';

export const readAzureCalls = (path: string, window: TraceWindow): Promise<ReplayedTrace> =>
  read(path, { required: ['func', AZURE_CALLS_COLUMN, 'duration'], optional: ['app'] }, true, window);
