import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type Database from 'libsql';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { databaseError, sqliteCode } from './database-error.js';
import type { Row } from './row.js';

// No booleans: the binding ends the whole process when it is given one.
export type SqlValue = string | number | Uint8Array | null;

export interface ConnectionOptions {
  readonly readOnly: boolean;
  /** How long to wait for another process that writes. */
  readonly busyTimeoutSeconds: number;
}

const MILLISECONDS = 1_000;
const IMPATIENT_MILLISECONDS = 50;

async function driver(): Promise<typeof Database> {
  try {
    return (await import('libsql')).default;
  } catch (error) {
    throw new WattloopError(ErrorCode.knowledgeFailed, `SQLite could not be loaded: ${messageOf(error)}`, {
      remedy: 'Install again on this machine: npm install (libsql has builds for x64 and arm64)',
      cause: error,
    });
  }
}

const hasContent = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** One connection to a SQLite file. Whatever goes wrong in it is a WattloopError that names the file. */
export class Connection {
  readonly path: string;
  readonly readOnly: boolean;
  readonly #database: Database.Database;
  readonly #busyMilliseconds: number;
  readonly #statements = new Map<string, Database.Statement>();

  static async open(path: string, options: ConnectionOptions): Promise<Connection> {
    const Driver = await driver();
    const timeout = options.busyTimeoutSeconds * MILLISECONDS;
    const open = (address: string): Connection => {
      try {
        const connection = new Connection(new Driver(address, { timeout }), path, options);
        // Opening reads nothing: the first question tells whether this is a database.
        connection.integer('PRAGMA schema_version');
        return connection;
      } catch (error) {
        throw databaseError(error, path);
      }
    };
    if (!options.readOnly) return open(path);
    const url = pathToFileURL(path).href;
    try {
      return open(`${url}?mode=ro`);
    } catch (error) {
      // Readers share a file of locks beside the database. Where none can be made and nothing waits in the journal,
      // nobody writes either, and the file can be read as it is.
      const code = sqliteCode(error instanceof Error ? error.cause : error) ?? '';
      const isShut = code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY');
      if (!isShut || !hasContent(path) || hasContent(`${path}-wal`)) throw error;
      return open(`${url}?immutable=1`);
    }
  }

  private constructor(
    database: Database.Database,
    path: string,
    { readOnly, busyTimeoutSeconds }: ConnectionOptions,
  ) {
    this.#database = database;
    this.path = path;
    this.readOnly = readOnly;
    this.#busyMilliseconds = Math.round(busyTimeoutSeconds * MILLISECONDS);
  }

  /** Runs statements that give nothing back. */
  execute(sql: string): void {
    this.#guarded(() => this.#database.exec(sql));
  }

  /** How many rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#guarded(() => this.#statement(sql).run(values).changes);
  }

  rows(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#guarded(() => this.#statement(sql).all(values) as Row[]);
  }

  /** The first column of the first row, a whole number. */
  integer(sql: string, ...values: readonly SqlValue[]): number | undefined {
    const value = Object.values(this.rows(sql, ...values)[0] ?? {})[0];
    return typeof value === 'number' ? value : undefined;
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  /** All of it or nothing. It waits for other writers at its start alone, so that it never fails half-way for them. */
  transaction<Result>(work: () => Result): Result {
    if (this.inTransaction) return work();
    this.execute('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself, as it does when the disk is full.
      if (this.inTransaction) this.execute('ROLLBACK');
      throw error;
    }
  }

  /** Does it without waiting for other writers for long: it can be tried again, and nothing else goes on meanwhile. */
  impatiently<Result>(work: () => Result): Result {
    this.rows(`PRAGMA busy_timeout = ${IMPATIENT_MILLISECONDS}`);
    try {
      return work();
    } finally {
      this.rows(`PRAGMA busy_timeout = ${this.#busyMilliseconds}`);
    }
  }

  close(): void {
    if (!this.readOnly) this.#settle();
    this.#statements.clear();
    this.#guarded(() => this.#database.close());
  }

  /** Brings what stands in the journal into the file, where nobody else is busy, so that the file alone is whole. */
  #settle(): void {
    try {
      this.rows('PRAGMA busy_timeout = 0');
      this.rows('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // It stays in the journal, as safe as before.
    }
  }

  #statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
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
