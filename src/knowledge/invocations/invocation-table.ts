import type { Invocation, InvocationStatus } from '../../model/index.js';
import type { Connection, SqlValue } from '../sqlite/connection.js';
import { number, text } from '../sqlite/row.js';
import { INVOCATION_COLUMNS, InvocationCodec } from './invocation-row.js';

export interface InvocationFilter {
  /** The function or stage. */
  readonly function?: string;
  readonly partition?: number;
  readonly status?: InvocationStatus | readonly InvocationStatus[];
  /** At most so many, in the order in which they were recorded. */
  readonly limit?: number;
}

/** An invocation and the number of its run, as they are written. */
export interface PendingInvocation {
  readonly invocation: Invocation;
  readonly run: number | null;
}

const INSERT = `INSERT INTO invocations (${INVOCATION_COLUMNS.join(', ')}) VALUES (${INVOCATION_COLUMNS.map(() => '?').join(', ')})`;

/** Rows that are read at once. */
const PAGE = 500;

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

function conditionOf(run: number | null, filter: InvocationFilter): Condition {
  const terms = ['run IS ?'];
  const values: SqlValue[] = [run];
  const add = (term: string, ...more: readonly SqlValue[]): void => {
    terms.push(term);
    values.push(...more);
  };
  if (filter.function !== undefined) add('function = ?', filter.function);
  if (filter.partition !== undefined) add('partition = ?', filter.partition);
  if (filter.status !== undefined) {
    const statuses = typeof filter.status === 'string' ? [filter.status] : filter.status;
    add(`status IN (${statuses.map(() => '?').join(', ')})`, ...statuses);
  }
  return { sql: terms.join(' AND '), values };
}

export class InvocationTable {
  readonly #connection: Connection;
  readonly #codec: InvocationCodec;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#codec = new InvocationCodec(connection);
  }

  /** All of them or none. */
  insert(pending: readonly PendingInvocation[]): void {
    try {
      this.#connection.transaction(() => {
        for (const { invocation, run } of pending)
          this.#connection.run(INSERT, ...this.#codec.encode(invocation, run));
      });
    } catch (error) {
      this.#codec.forget();
      throw error;
    }
  }

  /**
   * In the order in which they were recorded. Each page is a question of its own, so that memory stays small and nobody
   * is kept from writing or tidying up however slowly they are read.
   */
  *select(
    run: number | null,
    runId: string | undefined,
    filter: InvocationFilter,
  ): IterableIterator<Invocation> {
    const { sql, values } = conditionOf(run, filter);
    let left = filter.limit ?? Number.POSITIVE_INFINITY;
    for (let after = 0; left > 0; ) {
      const rows = this.#connection.rows(
        `SELECT * FROM invocations WHERE ${sql} AND key > ? ORDER BY key LIMIT ?`,
        ...values,
        after,
        Math.min(PAGE, left),
      );
      for (const row of rows) yield this.#codec.decode(row, runId);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = number(last, 'key');
      left -= rows.length;
    }
  }

  count(run: number | null, filter: InvocationFilter): number {
    const { sql, values } = conditionOf(run, filter);
    return this.#connection.integer(`SELECT count(*) FROM invocations WHERE ${sql}`, ...values) ?? 0;
  }

  /** The partitions of each function that are done. */
  finishedPartitions(run: number): Map<string, Set<number>> {
    const finished = new Map<string, Set<number>>();
    const rows = this.#connection.rows(
      "SELECT DISTINCT function, partition FROM invocations WHERE run = ? AND status = 'done'",
      run,
    );
    for (const row of rows) {
      const name = text(row, 'function');
      const partitions = finished.get(name) ?? new Set<number>();
      finished.set(name, partitions.add(number(row, 'partition')));
    }
    return finished;
  }

  deleteOf(run: number): number {
    return this.#connection.run('DELETE FROM invocations WHERE run = ?', run);
  }
}
