import { enlarged, trimmed } from '../../maths/index.js';
import type { PowerTable } from '../../model/index.js';
import { Problem } from './csv/problem.js';
import type { RowTaker } from './csv/read-table.js';
import type { Row } from './csv/row.js';

const [T, SYSTEM_WATTS, CPU_WATTS, ACCELERATOR_WATTS] = [0, 1, 2, 3];

/** Rows of `power.csv`: blank cells are figures that are not available, times go forward. */
export class PowerRows implements RowTaker {
  #t = new Float64Array(1024);
  #systemWatts = new Float64Array(1024);
  #cpuWatts = new Float64Array(1024);
  /** Made where the file has the column. */
  #acceleratorWatts: Float64Array | undefined;
  #count = 0;
  #last = Number.NEGATIVE_INFINITY;

  expect(rows: number): void {
    if (rows <= this.#t.length) return;
    this.#t = enlarged(this.#t, rows);
    this.#systemWatts = enlarged(this.#systemWatts, rows);
    this.#cpuWatts = enlarged(this.#cpuWatts, rows);
    if (this.#acceleratorWatts) this.#acceleratorWatts = enlarged(this.#acceleratorWatts, rows);
  }

  take(row: Row): void {
    const at = this.#count;
    if (at === this.#t.length) this.expect(at * 2);
    const t = row.required(T);
    if (t <= this.#last) {
      const how = t === this.#last ? 'is that of the row before' : `comes after ${this.#last}`;
      throw new Problem(`time ${t} ${how}`, 'Put the rows in order of time, one row a moment');
    }
    this.#last = t;
    this.#t[at] = t;
    this.#systemWatts[at] = row.number(SYSTEM_WATTS);
    this.#cpuWatts[at] = row.number(CPU_WATTS);
    if (row.has(ACCELERATOR_WATTS)) {
      this.#acceleratorWatts ??= new Float64Array(this.#t.length);
      this.#acceleratorWatts[at] = row.number(ACCELERATOR_WATTS);
    }
    this.#count++;
  }

  table(): PowerTable {
    const only = (column: Float64Array): Float64Array => trimmed(column, this.#count);
    return {
      t: only(this.#t),
      systemWatts: only(this.#systemWatts),
      cpuWatts: only(this.#cpuWatts),
      ...(this.#acceleratorWatts && { acceleratorWatts: only(this.#acceleratorWatts) }),
    };
  }
}
