import { enlarged, trimmed } from '../../maths/index.js';
import type { Rows } from './rows.js';
import type { SharedColumns } from './shared-columns.js';
import type { Ticks } from './ticks.js';

const INITIAL_ENTRIES = 1024;
/** With more than this part of the columns in a row it is cheaper to look at every column than to sort those that are. */
const DENSE_PART = 1 / 8;

/** Collects a sparse matrix row by row, entries of a row in any order. */
export class RowBuilder {
  readonly #functions: readonly string[];
  readonly #ticks: Ticks;
  readonly #shared: SharedColumns | undefined;
  /** The row at hand, by function. */
  readonly #rowSeconds: Float64Array;
  readonly #rowActivations: Uint32Array;
  readonly #isTouched: Uint8Array;
  readonly #touched: Uint32Array;
  #touchedCount = 0;
  readonly #rowStart: Uint32Array;
  #rows = 0;
  #column = new Uint32Array(INITIAL_ENTRIES);
  #seconds = new Float64Array(INITIAL_ENTRIES);
  #activations = new Uint32Array(INITIAL_ENTRIES);
  #entries = 0;

  constructor(functions: readonly string[], ticks: Ticks, shared?: SharedColumns) {
    this.#functions = functions;
    this.#ticks = ticks;
    this.#shared = shared;
    this.#rowSeconds = new Float64Array(functions.length);
    this.#rowActivations = new Uint32Array(functions.length);
    this.#isTouched = new Uint8Array(functions.length);
    this.#touched = new Uint32Array(functions.length);
    this.#rowStart = new Uint32Array(ticks.count + 1);
  }

  /** Adds to a function's entry of the row at hand. */
  add(column: number, seconds: number, activations: number): void {
    if (this.#isTouched[column] === 0) {
      this.#isTouched[column] = 1;
      this.#touched[this.#touchedCount++] = column;
    }
    this.#rowSeconds[column] = (this.#rowSeconds[column] ?? 0) + seconds;
    this.#rowActivations[column] = (this.#rowActivations[column] ?? 0) + activations;
  }

  endRow(): void {
    const functions = this.#functions.length;
    if (this.#touchedCount > functions * DENSE_PART) {
      for (let column = 0; column < functions; column++) {
        if (this.#isTouched[column] === 1) this.#endEntry(column);
      }
    } else {
      const columns = this.#touched.subarray(0, this.#touchedCount).sort();
      for (let i = 0; i < columns.length; i++) this.#endEntry(columns[i] ?? 0);
    }
    this.#touchedCount = 0;
    this.#shared?.shares.forEach((share, place) => {
      const part = share[this.#rows] ?? Number.NaN;
      if (part > 0) this.#push(functions + place, part * this.#ticks.tickSeconds, 0);
    });
    this.#rowStart[++this.#rows] = this.#entries;
  }

  rows(): Rows {
    return {
      ...this.#ticks,
      columns: [...this.#functions, ...(this.#shared?.names ?? [])],
      functionCount: this.#functions.length,
      rowStart: this.#rowStart,
      column: trimmed(this.#column, this.#entries),
      seconds: trimmed(this.#seconds, this.#entries),
      activations: trimmed(this.#activations, this.#entries),
    };
  }

  #endEntry(column: number): void {
    this.#push(column, this.#rowSeconds[column] ?? 0, this.#rowActivations[column] ?? 0);
    this.#rowSeconds[column] = 0;
    this.#rowActivations[column] = 0;
    this.#isTouched[column] = 0;
  }

  #push(column: number, seconds: number, activations: number): void {
    const at = this.#entries++;
    if (at === this.#column.length) {
      this.#column = enlarged(this.#column, at * 2);
      this.#seconds = enlarged(this.#seconds, at * 2);
      this.#activations = enlarged(this.#activations, at * 2);
    }
    this.#column[at] = column;
    this.#seconds[at] = seconds;
    this.#activations[at] = activations;
  }
}
