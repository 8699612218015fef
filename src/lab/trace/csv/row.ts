import { Cells } from './cells.js';
import type { Names } from './names.js';
import { parseNumber } from './number.js';
import { Problem, quoted } from './problem.js';

const WORDS = /^[+-]?(nan|na|n\/a|null|none|inf|infinity)$/i;

/** The row that was read last. Columns go by their place in the list that the table was asked for. */
export class Row {
  readonly cells = new Cells();
  bytes: Buffer;
  readonly #columns: readonly string[];
  /** Where the file has each column; -1 where it has it not. */
  readonly #places: Int32Array;

  constructor(columns: readonly string[], bytes: Buffer) {
    this.#columns = columns;
    this.#places = new Int32Array(columns.length).fill(-1);
    this.bytes = bytes;
  }

  place(column: number, at: number): void {
    this.#places[column] = at;
  }

  has(column: number): boolean {
    return (this.#places[column] ?? -1) >= 0;
  }

  isBlank(column: number): boolean {
    const at = this.#places[column] ?? -1;
    return at < 0 || (this.cells.starts[at] ?? 0) >= (this.cells.ends[at] ?? 0);
  }

  /** The number in the cell; NaN where it is blank or the file doesn't have the column. */
  number(column: number): number {
    const at = this.#places[column] ?? -1;
    if (at < 0) return Number.NaN;
    const start = this.cells.starts[at] ?? 0;
    const end = this.cells.ends[at] ?? 0;
    if (start >= end) return Number.NaN;
    const value = parseNumber(this.bytes, start, end);
    if (!Number.isFinite(value)) throw this.#noNumber(column);
    return value;
  }

  /** The number in a cell that must not be blank. */
  required(column: number): number {
    const value = this.number(column);
    if (Number.isNaN(value)) throw this.#blank(column);
    return value;
  }

  /** The number of the name in a cell that must not be blank. */
  name(column: number, names: Names): number {
    if (this.isBlank(column)) throw this.#blank(column);
    const at = this.#places[column] ?? 0;
    return names.indexOf(this.bytes, this.cells.starts[at] ?? 0, this.cells.ends[at] ?? 0);
  }

  text(column: number): string {
    const at = this.#places[column] ?? -1;
    return at < 0 ? '' : this.cellText(at);
  }

  cellText(at: number): string {
    return this.bytes.toString('utf8', this.cells.starts[at], this.cells.ends[at]);
  }

  #blank(column: number): Problem {
    return new Problem(`${this.#columns[column]} is blank`, 'Give every row one, or leave the row out');
  }

  #noNumber(column: number): Problem {
    const text = this.text(column);
    const remedy = WORDS.test(text)
      ? 'Leave the cell blank where there is no figure'
      : 'Write it as a decimal number, such as 12.5';
    const isTooLarge = Number.isFinite(Number.parseFloat(text)) === false && /^[+-]?[\d.]/.test(text);
    return new Problem(
      `${this.#columns[column]} is ${quoted(text)}, which is ${isTooLarge ? 'too large' : 'no number'}`,
      remedy,
    );
  }
}
