import { Names } from '../../trace/csv/names.js';
import { Problem } from '../../trace/csv/problem.js';
import { type RowTaker, readTable } from '../../trace/csv/read-table.js';
import type { Row } from '../../trace/csv/row.js';
import { GrowingCells } from './growing-cells.js';
import type { ReplayedTrace, TraceWindow } from './replayed-trace.js';

const MINUTES_A_DAY = 1440;
const MINUTE_SECONDS = 60;
const FUNCTION = 0;
export const AZURE_MINUTES_COLUMN = 'hashfunction';

/** Rows of the traces of 2019: a function each, with its calls in every minute of a day. */
class MinuteRows implements RowTaker {
  readonly names = new Names('function');
  readonly cells = new GrowingCells();
  readonly #window: TraceWindow;
  readonly #from: number;
  readonly #to: number;

  constructor(window: TraceWindow) {
    this.#window = window;
    this.#from = Math.floor(window.fromSeconds / MINUTE_SECONDS);
    this.#to = Math.min(MINUTES_A_DAY, Math.ceil((window.fromSeconds + window.seconds) / MINUTE_SECONDS));
  }

  expect(): void {}

  take(row: Row): void {
    const index = row.name(FUNCTION, this.names);
    for (let minute = this.#from; minute < this.#to; minute++) {
      const calls = row.number(minute + 1);
      // A blank cell, as one that the file doesn't have, is no call.
      if (!(calls > 0)) continue;
      if (!Number.isInteger(calls))
        throw new Problem(`${calls} calls in minute ${minute + 1}`, 'Counts are whole');
      this.cells.add(index, minute * MINUTE_SECONDS - this.#window.fromSeconds, calls);
    }
  }
}

export async function readAzureMinutes(path: string, window: TraceWindow): Promise<ReplayedTrace> {
  const rows = new MinuteRows(window);
  const minutes = Array.from({ length: MINUTES_A_DAY }, (_, minute) => String(minute + 1));
  await readTable(path, { required: [AZURE_MINUTES_COLUMN], optional: minutes }, rows);
  const { cells, names } = rows;
  return {
    functions: cells.functions(names.all),
    seconds: Math.min(window.seconds, cells.last + MINUTE_SECONDS),
    cells: cells.cells(MINUTE_SECONDS),
  };
}
