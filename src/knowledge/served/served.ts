import type { AccountedCall, FootprintWindow } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { CallPages, type ServedCallFilter, type ServedCallPage } from './call-page.js';
import { CallTable } from './call-table.js';
import { checkCall } from './checked-call.js';
import { FootprintQueries, type FootprintSums, type ServedRange } from './footprints.js';
import { Names } from './names.js';
import { WindowTable } from './window-table.js';

/** What the gateway keeps of the functions that it serves. What is recorded in one call is kept whole or not at all. */
export class Served {
  readonly #connection: Connection;
  readonly #names: Names;
  readonly #calls: CallTable;
  readonly #pages: CallPages;
  readonly #windows: WindowTable;
  readonly #footprints: FootprintQueries;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#names = new Names(connection);
    this.#calls = new CallTable(connection, this.#names);
    this.#pages = new CallPages(connection, this.#names);
    this.#windows = new WindowTable(connection, this.#names);
    this.#footprints = new FootprintQueries(connection, this.#names);
  }

  recordCalls(calls: readonly AccountedCall[]): void {
    for (const call of calls) checkCall(call);
    if (calls.length > 0) this.#write(() => this.#calls.insert(calls));
  }

  recordWindow(window: FootprintWindow): void {
    this.#write(() => this.#windows.add(window));
  }

  /** The newest first, a page at a time; pages stay as they are while new calls come. */
  calls(filter: ServedCallFilter): ServedCallPage {
    return this.#pages.select(filter);
  }

  /** Undefined when nothing is kept of then. */
  footprints(range: ServedRange): FootprintSums | undefined {
    return this.#footprints.select(range);
  }

  #write(work: () => void): void {
    try {
      this.#connection.transaction(work);
    } catch (error) {
      this.#names.forget();
      throw error;
    }
  }
}
