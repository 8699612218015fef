import { Problem } from './problem.js';

const [TAB, LF, CR, SPACE, QUOTE, COMMA] = [9, 10, 13, 32, 34, 44];
/** Tables of calls by minute have one for each minute of a day. */
const MOST_COLUMNS = 2048;

/** The line goes on beyond the bytes at hand. */
export const INCOMPLETE = -1;

/** The cells of one line: where in the bytes each begins and ends. No text is made and nothing is copied. */
export class Cells {
  readonly starts = new Int32Array(MOST_COLUMNS);
  readonly ends = new Int32Array(MOST_COLUMNS);
  count = 0;
  /** Cells with doubled quotes in them, which are made single once the line is known to be whole. */
  readonly #doubled: number[] = [];
  /** The last cell is quoted and the bytes ended within it. */
  #isOpen = false;

  /** Finds the cells of the line that begins at `from`, and gives the place after it. */
  scan(bytes: Buffer, from: number, to: number, isEndOfFile: boolean): number {
    this.count = 0;
    this.#doubled.length = 0;
    this.#isOpen = false;
    for (let at = from; ; at++) {
      at = this.#cell(bytes, at, to);
      if (at === to && !isEndOfFile) return INCOMPLETE;
      if (at < to && bytes[at] === COMMA) continue;
      if (this.#isOpen) throw unclosed();
      if (this.count > MOST_COLUMNS) {
        throw new Problem(`${this.count} cells`, `A trace has a few columns, not more than ${MOST_COLUMNS}`);
      }
      for (const cell of this.#doubled) this.#unescape(bytes, cell);
      return Math.min(at + 1, to);
    }
  }

  /** One cell; gives the place of the comma or line end after it, or `to`. */
  #cell(bytes: Buffer, from: number, to: number): number {
    let start = from;
    while (start < to && isBlank(bytes[start])) start++;
    if (bytes[start] === QUOTE && start < to) return this.#quotedCell(bytes, start + 1, to);
    let at = start;
    for (; at < to; at++) {
      const byte = bytes[at] ?? 0;
      // Digits, letters and signs all stand above the comma.
      if (byte > COMMA) continue;
      if (byte === COMMA || byte === LF) break;
      if (byte < SPACE) refuseControl(bytes, at, to);
    }
    let end = at;
    while (end > start && isBlank(bytes[end - 1])) end--;
    this.#add(start, end);
    return at;
  }

  #quotedCell(bytes: Buffer, start: number, to: number): number {
    let isDoubled = false;
    let end = start;
    for (; ; end++) {
      if (end >= to) {
        this.#isOpen = true;
        return to;
      }
      const byte = bytes[end];
      if (byte === LF) throw unclosed();
      if (byte !== QUOTE) continue;
      if (end + 1 >= to || bytes[end + 1] !== QUOTE) break;
      isDoubled = true;
      end++;
    }
    if (isDoubled) this.#doubled.push(this.count);
    this.#add(start, end);
    let at = end + 1;
    while (at < to && isBlank(bytes[at])) at++;
    if (at < to && bytes[at] !== COMMA && bytes[at] !== LF) {
      throw new Problem(
        'text follows the end of a quoted cell',
        'Quote the whole cell, and write a " within it twice',
      );
    }
    return at;
  }

  #add(start: number, end: number): void {
    if (this.count < MOST_COLUMNS) {
      this.starts[this.count] = start;
      this.ends[this.count] = end;
    }
    this.count++;
  }

  #unescape(bytes: Buffer, cell: number): void {
    const end = this.ends[cell] ?? 0;
    let to = this.starts[cell] ?? 0;
    for (let from = to; from < end; from++) {
      if (bytes[from] === QUOTE) from++;
      bytes[to++] = bytes[from] ?? 0;
    }
    this.ends[cell] = to;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === CR;
}

function unclosed(): Problem {
  return new Problem(
    'a quoted cell is not closed on its line',
    'Close it with ", and write a " within it twice',
  );
}

/** Lines may end in CR LF; any other control byte but a tab is no text. */
function refuseControl(bytes: Buffer, at: number, to: number): void {
  const byte = bytes[at];
  if (byte === TAB) return;
  if (byte === CR) {
    if (at + 1 >= to || bytes[at + 1] === LF) return;
    throw new Problem(
      'a carriage return stands within the line',
      'Save the file with line ends LF or CR LF, not CR alone',
    );
  }
  throw new Problem(`byte ${byte} is no text`, 'This must be CSV in UTF-8: not a binary or compressed file');
}
