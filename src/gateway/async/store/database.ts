import { closeSync, openSync } from 'node:fs';
import Driver from 'libsql';
import { ErrorCode, WattloopError } from '../../../errors/index.js';
import { databaseError } from './database-error.js';
import { APPLICATION_ID, CURRENT_VERSION, VERSION_1 } from './schema.js';

export type SqlValue = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, unknown>>;

/** How long a gateway that ends may hold the file up when the next one starts. */
const BUSY_MILLISECONDS = 3_000;

/** What the journal beside the file is cut down to after a flood. */
const JOURNAL_BYTES = 16 * 1_024 * 1_024;

/** Requests may carry secrets. SQLite gives the files beside this one the same rights. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch {
    // It is there already, or SQLite says why it can't be.
  }
}

/**
 * The one connection to the file of asynchronous calls. It holds the file for itself until it is closed or its process is
 * gone, however that ended: so no two gateways work on the same calls.
 */
export class Database {
  readonly path: string;
  readonly #driver: Driver.Database;
  readonly #statements = new Map<string, Driver.Statement>();

  /** Makes the file where it is missing. What is not ours, or damaged, is refused and left as it is. */
  constructor(path: string) {
    this.path = path;
    makePrivate(path);
    this.#driver = this.#guarded(() => new Driver(path, { timeout: BUSY_MILLISECONDS }));
    try {
      this.rows('PRAGMA locking_mode = EXCLUSIVE');
      this.#refuseStrangers();
      const isNew = this.#number('PRAGMA user_version') === 0;
      // Said again it would write, and a damaged file must be left as it is.
      if (isNew) this.rows('PRAGMA auto_vacuum = INCREMENTAL');
      this.rows('PRAGMA journal_mode = WAL');
      // Every commit is on the disk itself when it returns. It is made in a thread of its own and for many calls at once.
      this.rows('PRAGMA synchronous = FULL');
      this.rows(`PRAGMA journal_size_limit = ${JOURNAL_BYTES}`);
      if (isNew) this.transaction(() => this.#make());
    } catch (error) {
      this.#driver.close();
      throw error;
    }
  }

  rows(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#guarded(() => this.#statement(sql).all(values) as Row[]);
  }

  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#guarded(() => this.#statement(sql).run(values).changes);
  }

  /** All of it or nothing. */
  transaction<Result>(work: () => Result): Result {
    this.#execute('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#execute('COMMIT');
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself, as it does when the disk is full.
      if (this.#driver.inTransaction) this.#execute('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#guarded(() => this.#driver.close());
  }

  #number(sql: string): number {
    const value = Object.values(this.rows(sql)[0] ?? {})[0];
    return typeof value === 'number' ? value : 0;
  }

  #refuseStrangers(): void {
    const application = this.#number('PRAGMA application_id');
    const version = this.#number('PRAGMA user_version');
    if (application === 0 && version === 0 && this.#number('SELECT count(*) FROM sqlite_schema') === 0)
      return;
    if (application === APPLICATION_ID && version <= CURRENT_VERSION) return;
    const what =
      application === APPLICATION_ID
        ? `is of version ${version}, and this Wattloop knows versions up to ${CURRENT_VERSION}`
        : "is another program's database";
    throw new WattloopError(
      ErrorCode.knowledgeFailed,
      `the database of asynchronous calls ${this.path} ${what}`,
      {
        remedy: 'Nothing was changed. Name another folder with data_dir',
      },
    );
  }

  #make(): void {
    this.#execute(VERSION_1);
    this.#execute(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${CURRENT_VERSION}`);
  }

  #execute(sql: string): void {
    this.#guarded(() => this.#driver.exec(sql));
  }

  #statement(sql: string): Driver.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#driver.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw databaseError(error, this.path);
    }
  }
}
