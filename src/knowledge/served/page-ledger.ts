import type { Connection } from '../sqlite/connection.js';

const BYTES_PER_MIB = 2 ** 20;

/**
 * How many pages of the file the gateway's figures take. It is counted by what each writing transaction takes and gives
 * back: nobody else writes meanwhile, so that this is exact, and costs no walk through the tables.
 */
export class PageLedger {
  readonly #connection: Connection;
  /** Pages of the whole file that were used when the transaction began. */
  #before: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A transaction that writes the gateway's figures and nothing else. */
  transaction<Result>(work: () => Result): Result {
    return this.#connection.transaction(() => {
      this.#before = this.#used();
      try {
        const result = work();
        const taken = this.#used() - this.#before;
        if (taken !== 0) this.#connection.run('UPDATE served_pages SET pages = pages + ?', taken);
        return result;
      } finally {
        this.#before = undefined;
      }
    });
  }

  /** Also right within a transaction. */
  sizeMib(): number {
    const kept = this.#connection.integer('SELECT pages FROM served_pages') ?? 0;
    const taken = this.#before === undefined ? 0 : this.#used() - this.#before;
    return ((kept + taken) * this.#ask('page_size')) / BYTES_PER_MIB;
  }

  #used(): number {
    return this.#ask('page_count') - this.#ask('freelist_count');
  }

  #ask(name: 'page_count' | 'freelist_count' | 'page_size'): number {
    return this.#connection.integer(`PRAGMA ${name}`) ?? 0;
  }
}
