import type { AccountedCall } from '../../model/index.js';
import type { Connection, SqlValue } from '../sqlite/connection.js';
import { CALL_COLUMNS, encodeCall } from './call-row.js';
import { toMicros } from './micros.js';
import type { Names } from './names.js';

/** Rows of one statement: the more, the less a row costs, with little to gain beyond some hundreds. */
const CHUNKS = [256, 32, 4, 1] as const;

const PLACES = `(${CALL_COLUMNS.map(() => '?').join(', ')})`;
const INSERTS = new Map<number, string>(
  CHUNKS.map((rows) => [
    rows,
    `INSERT INTO served_calls (${CALL_COLUMNS.join(', ')}) VALUES ${Array.from({ length: rows }, () => PLACES).join(', ')}`,
  ]),
);

/** Calls by when they ended, to the microsecond: so they are found by time, paged through and removed in order of age. */
export class CallTable {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  /** Part of a transaction. */
  insert(calls: readonly AccountedCall[]): void {
    const sorted = [...calls].sort((a, b) => a.endedAt - b.endedAt);
    const newest = this.#connection.integer('SELECT max(key) FROM served_calls') ?? 0;
    let key = 0;
    let index = 0;
    for (const rows of CHUNKS)
      for (; sorted.length - index >= rows; index += rows) {
        const values: SqlValue[] = [];
        for (const call of sorted.slice(index, index + rows)) {
          key = Math.max(key + 1, toMicros(call.endedAt));
          if (key <= newest) key = this.#free(key);
          encodeCall(call, key, this.#names, values);
        }
        this.#connection.run(INSERTS.get(rows) ?? '', ...values);
      }
  }

  /** The first key from here on that no kept call has. */
  #free(from: number): number {
    let key = from;
    while (this.#connection.integer('SELECT 1 FROM served_calls WHERE key = ?', key) !== undefined) key++;
    return key;
  }
}
