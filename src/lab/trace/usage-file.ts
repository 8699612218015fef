import { enlarged, trimmed } from '../../maths/index.js';
import type { UsageTable } from '../../model/index.js';
import { Names } from './csv/names.js';
import { Problem, quoted } from './csv/problem.js';
import type { RowTaker } from './csv/read-table.js';
import type { Row } from './csv/row.js';

const [T, PRINCIPAL, CPU_SECONDS, CYCLES, INSTRUCTIONS, LLC_MISSES, REFERENCE_CYCLES] = [0, 1, 2, 3, 4, 5, 6];
const INITIAL_ROWS = 4096;

/** Rows of `usage.csv`: for each principal in order of time, principals in any order. */
export class UsageRows implements RowTaker {
  readonly #principals = new Names('principal');
  readonly #last: number[] = [];
  #principalIndex = new Uint32Array(INITIAL_ROWS);
  #t = new Float64Array(INITIAL_ROWS);
  /** CPU seconds, cycles, instructions, misses of the last-level cache. */
  #counters = [CPU_SECONDS, CYCLES, INSTRUCTIONS, LLC_MISSES].map(() => new Float64Array(INITIAL_ROWS));
  /** Made where the file has the column. */
  #referenceCycles: Float64Array | undefined;
  #count = 0;
  #negative = 0;

  expect(rows: number): void {
    if (rows <= this.#t.length) return;
    this.#principalIndex = enlarged(this.#principalIndex, rows);
    this.#t = enlarged(this.#t, rows);
    this.#counters = this.#counters.map((column) => enlarged(column, rows));
    if (this.#referenceCycles) this.#referenceCycles = enlarged(this.#referenceCycles, rows);
  }

  take(row: Row): void {
    const at = this.#count;
    if (at === this.#t.length) this.expect(Math.ceil(at * 1.5));
    const t = row.required(T);
    const index = row.name(PRINCIPAL, this.#principals);
    const last = this.#last[index] ?? Number.NEGATIVE_INFINITY;
    if (t <= last) {
      const name = quoted(this.#principals.all[index] ?? '');
      throw new Problem(
        `time ${t} of ${name} does not come after its row before, ${last}`,
        'Put the rows of a principal in order of time, one row a moment',
      );
    }
    this.#last[index] = t;
    this.#principalIndex[at] = index;
    this.#t[at] = t;
    for (const [counter, column] of this.#counters.entries()) {
      column[at] = this.#amount(row.number(CPU_SECONDS + counter));
    }
    if (row.has(REFERENCE_CYCLES)) {
      this.#referenceCycles ??= new Float64Array(this.#t.length);
      this.#referenceCycles[at] = this.#amount(row.number(REFERENCE_CYCLES));
    }
    this.#count++;
  }

  /** Amounts below 0: counters that were reset, say. What was used instead is not known. */
  get negative(): number {
    return this.#negative;
  }

  table(): UsageTable {
    const counter = (place: number): Float64Array =>
      trimmed(this.#counters[place] ?? new Float64Array(), this.#count);
    return {
      principals: this.#principals.all,
      principalIndex: trimmed(this.#principalIndex, this.#count),
      t: trimmed(this.#t, this.#count),
      cpuSeconds: counter(0),
      cycles: counter(1),
      ...(this.#referenceCycles && { referenceCycles: trimmed(this.#referenceCycles, this.#count) }),
      instructions: counter(2),
      llcMisses: counter(3),
    };
  }

  #amount(value: number): number {
    if (!(value < 0)) return value;
    this.#negative++;
    return Number.NaN;
  }
}
