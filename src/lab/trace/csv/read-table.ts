import { type FileHandle, open } from 'node:fs/promises';
import { messageOf, systemCode, type WattloopError } from '../../../base/index.js';
import { INCOMPLETE } from './cells.js';
import { type Columns, type Header, readHeader } from './header.js';
import { badFile, Problem } from './problem.js';
import { Row } from './row.js';

const CHUNK_BYTES = 2 ** 20;
const LONGEST_LINE_BYTES = 2 ** 16;
/** More rows than the beginning of the file lets expect: memory that is never touched costs nothing. */
const MARGIN = 1.25;

/** What takes the rows of a table. It may throw a `Problem` about the row at hand. */
export interface RowTaker {
  take(row: Row): void;
  /** How many rows are to come, by the looks of the beginning. */
  expect(rows: number): void;
}

export interface ReadTable {
  readonly header: Header;
  readonly rows: number;
}

/**
 * Reads a table a piece at a time, whatever its length. The header may name its columns in any order. An error says the
 * file, the line, and what would mend it.
 */
export async function readTable(
  path: string,
  columns: Columns,
  taker: RowTaker,
  onBytes: (bytes: number) => void = () => {},
): Promise<ReadTable> {
  const file = await opened(path);
  try {
    const { size } = await file.stat();
    const reader = new TableReader(path, columns, taker);
    for (let isEnd = false; !isEnd; ) {
      const { bytesRead } = await file.read(reader.room());
      isEnd = bytesRead === 0;
      reader.push(bytesRead, isEnd, size);
      onBytes(bytesRead);
    }
    return reader.result();
  } catch (error) {
    if (systemCode(error) === 'EISDIR') throw badFile(path, undefined, 'is a folder', 'Name a file');
    throw error;
  } finally {
    await file.close();
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const why = systemCode(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw badFile(path, undefined, why, 'Name a folder with a trace that you may read');
  }
}

class TableReader {
  readonly #path: string;
  readonly #columns: Columns;
  readonly #taker: RowTaker;
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES + LONGEST_LINE_BYTES);
  readonly #row: Row;
  #header: Header | undefined;
  /** Bytes at the buffer's beginning: a line whose end has not been read yet. */
  #kept = 0;
  #line = 0;
  #rows = 0;
  #bytes = 0;

  constructor(path: string, columns: Columns, taker: RowTaker) {
    this.#path = path;
    this.#columns = columns;
    this.#taker = taker;
    this.#row = new Row([...columns.required, ...columns.optional], this.#buffer);
  }

  /** Where the next bytes go. */
  room(): Buffer {
    return this.#buffer.subarray(this.#kept);
  }

  push(bytes: number, isEnd: boolean, fileBytes: number): void {
    const isFirst = this.#bytes === 0;
    const to = this.#kept + bytes;
    let at = isFirst ? this.#afterByteOrderMark(to) : 0;
    try {
      while (at < to) {
        this.#line++;
        const next = this.#row.cells.scan(this.#buffer, at, to, isEnd);
        if (next === INCOMPLETE) {
          if (to - at > LONGEST_LINE_BYTES) throw tooLong();
          this.#line--;
          break;
        }
        if (next - at > LONGEST_LINE_BYTES) throw tooLong();
        at = next;
        this.#take(isEnd);
      }
    } catch (error) {
      throw error instanceof Problem ? this.#bad(this.#line, error) : error;
    }
    this.#buffer.copyWithin(0, at, to);
    this.#kept = to - at;
    this.#bytes += bytes;
    const isUseful = isFirst && this.#rows > 0 && fileBytes > this.#bytes;
    if (isUseful) this.#taker.expect(Math.ceil((this.#rows * MARGIN * fileBytes) / this.#bytes));
  }

  result(): ReadTable {
    if (this.#header === undefined) {
      const names = this.#columns.required.join(',');
      throw badFile(this.#path, 1, 'the file is empty', `It must begin with a header that names ${names}`);
    }
    return { header: this.#header, rows: this.#rows };
  }

  #take(isEnd: boolean): void {
    const { cells } = this.#row;
    if (cells.count === 1 && cells.starts[0] === cells.ends[0]) return;
    if (this.#header === undefined) {
      this.#header = readHeader(this.#row, this.#columns);
      return;
    }
    if (cells.count !== this.#header.cells) throw otherCount(cells.count, this.#header.cells, isEnd);
    this.#taker.take(this.#row);
    this.#rows++;
  }

  #afterByteOrderMark(to: number): number {
    const [first, second, third] = this.#buffer.subarray(0, to);
    if (first === 0xef && second === 0xbb && third === 0xbf) return 3;
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
      throw this.#bad(1, new Problem('the file is UTF-16', 'Save it as UTF-8'));
    }
    return 0;
  }

  #bad(line: number, problem: Problem): WattloopError {
    return badFile(this.#path, line, problem.message, problem.remedy);
  }
}

function tooLong(): Problem {
  return new Problem(
    `the line is longer than ${LONGEST_LINE_BYTES / 1024} KiB`,
    'This must be CSV with one row a line',
  );
}

function otherCount(count: number, expected: number, isEnd: boolean): Problem {
  const why = isEnd && count < expected ? ', as if the file had been cut off' : '';
  return new Problem(
    `${count} ${count === 1 ? 'cell' : 'cells'} where the header has ${expected}${why}`,
    'Give every row as many cells as the header has, and leave a cell blank where there is no figure',
  );
}
