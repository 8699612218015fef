import type { Clock } from '../../base/index.js';
import type { CallColumns, FootprintWindow, NodeSecond } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { CallPages, type ServedCallFilter, type ServedCallPage } from './call-page.js';
import { CallTable } from './call-table.js';
import { FootprintQueries, type FootprintSums, type ServedRange } from './footprints.js';
import { Names } from './names.js';
import { PageLedger } from './page-ledger.js';
import { RateTable } from './rate-table.js';
import { type Retention, Tidier } from './retention.js';
import { SecondTable } from './second-table.js';
import { type Series, SeriesQueries, type SeriesRange } from './series.js';
import { WindowTable } from './window-table.js';

/**
 * What the gateway keeps of the functions that it serves. What is recorded in one call is kept whole or not at all, and
 * is kept when the call has come back, also when this process is then killed.
 */
export class Served {
  readonly #ledger: PageLedger;
  readonly #names: Names;
  readonly #calls: CallTable;
  readonly #rates: RateTable;
  readonly #seconds: SecondTable;
  readonly #windows: WindowTable;
  readonly #pages: CallPages;
  readonly #footprints: FootprintQueries;
  readonly #series: SeriesQueries;
  readonly #tidier: Tidier;

  constructor(connection: Connection, clock: Clock) {
    this.#ledger = new PageLedger(connection);
    this.#names = new Names(connection);
    this.#calls = new CallTable(connection, this.#names);
    this.#rates = new RateTable(connection, this.#names);
    this.#seconds = new SecondTable(connection, this.#names);
    this.#windows = new WindowTable(connection, this.#names);
    this.#pages = new CallPages(connection, this.#names);
    this.#footprints = new FootprintQueries(connection, this.#names);
    this.#series = new SeriesQueries(connection, this.#names);
    this.#tidier = new Tidier(connection, this.#names, this.#ledger, clock);
  }

  recordCalls(calls: CallColumns): void {
    if (calls.length === 0) return;
    this.#write(() => {
      this.#calls.insert(calls);
      this.#rates.add(calls);
    });
  }

  /** Ticks of the machine. One that ends when one that is kept did replaces it. */
  recordSeconds(rows: readonly NodeSecond[]): void {
    if (rows.length > 0) this.#write(() => this.#seconds.insert(rows));
  }

  recordWindow(window: FootprintWindow): void {
    this.#write(() => this.#windows.add(window));
  }

  /** The newest first, a page at a time; pages stay as they are while new calls come. */
  calls(filter: ServedCallFilter): ServedCallPage {
    return this.#pages.select(filter);
  }

  /** Ticks that ended from `from` on and before `to`, the oldest first. */
  seconds({ from, to }: Omit<ServedRange, 'function'>): NodeSecond[] {
    return this.#seconds.select(from, to);
  }

  /** Undefined when nothing is kept of then. */
  footprints(range: ServedRange): FootprintSums | undefined {
    return this.#footprints.select(range);
  }

  /** Power, calls and energy over time, as fine as was asked for where so much is kept. */
  series(range: SeriesRange): Series {
    return this.#series.select(range);
  }

  /**
   * Leaves out what need no longer be kept: one short step, for which others that write wait about 20 ms at most. To be
   * called again, with pauses, until it is done.
   */
  tidy(now: number, retention: Retention): { done: boolean } {
    return this.#guarded(() => this.#tidier.tidy(now, retention));
  }

  /** How much of the file it takes. */
  sizeMib(): number {
    return this.#ledger.sizeMib();
  }

  #write(work: () => void): void {
    this.#guarded(() => this.#ledger.transaction(work));
  }

  /** Names of a transaction that came to nothing are not there. */
  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      this.#names.forget();
      throw error;
    }
  }
}
