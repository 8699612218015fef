import { enlarged, trimmed } from '../../maths/index.js';
import type { InvocationTable } from '../../model/index.js';
import { Names } from './csv/names.js';
import { Problem, quoted } from './csv/problem.js';
import type { RowTaker } from './csv/read-table.js';
import type { Row } from './csv/row.js';

const [FUNCTION, START, END, COLD] = [0, 1, 2, 3];
const TRUE = new Set(['1', 'true', 'yes', 'cold']);
const FALSE = new Set(['0', 'false', 'no', 'warm']);
const INITIAL_ROWS = 4096;

/** Rows of `invocations.csv`, in any order. A blank end is that of an invocation that had not ended with the trace. */
export class InvocationRows implements RowTaker {
  readonly #functions = new Names('function');
  #functionIndex = new Uint32Array(INITIAL_ROWS);
  #start = new Float64Array(INITIAL_ROWS);
  #end = new Float64Array(INITIAL_ROWS);
  /** Made with the first row that tells. */
  #cold: Uint8Array | undefined;
  #count = 0;
  /** Rows that leave open how they began, though the file has a column for it. */
  #unknownStarts = 0;

  expect(rows: number): void {
    if (rows <= this.#start.length) return;
    this.#functionIndex = enlarged(this.#functionIndex, rows);
    this.#start = enlarged(this.#start, rows);
    this.#end = enlarged(this.#end, rows);
    if (this.#cold) this.#cold = enlarged(this.#cold, rows);
  }

  take(row: Row): void {
    const at = this.#count;
    if (at === this.#start.length) this.expect(Math.ceil(at * 1.5));
    const index = row.name(FUNCTION, this.#functions);
    const start = row.required(START);
    const end = row.isBlank(END) ? Number.POSITIVE_INFINITY : row.number(END);
    if (end < start) {
      throw new Problem(
        `end ${end} is before start ${start}`,
        'Times are seconds since the start of the trace',
      );
    }
    this.#functionIndex[at] = index;
    this.#start[at] = start;
    this.#end[at] = end;
    if (row.has(COLD)) this.#takeCold(row, at);
    this.#count++;
  }

  get unknownStarts(): number {
    return this.#unknownStarts;
  }

  table(): InvocationTable {
    return {
      functions: this.#functions.all,
      functionIndex: trimmed(this.#functionIndex, this.#count),
      start: trimmed(this.#start, this.#count),
      end: trimmed(this.#end, this.#count),
      ...(this.#cold && { cold: trimmed(this.#cold, this.#count) }),
    };
  }

  #takeCold(row: Row, at: number): void {
    if (row.isBlank(COLD)) {
      this.#unknownStarts++;
      return;
    }
    const text = row.text(COLD).toLowerCase();
    if (!TRUE.has(text) && !FALSE.has(text)) {
      throw new Problem(`cold is ${quoted(text)}`, 'Write 1 for a cold start and 0 for a warm one');
    }
    this.#cold ??= new Uint8Array(this.#start.length);
    this.#cold[at] = TRUE.has(text) ? 1 : 0;
  }
}
