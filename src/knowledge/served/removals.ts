import type { Connection } from '../sqlite/connection.js';
import type { Level } from './levels.js';
import { toMicros } from './micros.js';

/** Rows that are removed at once: little enough that others need not wait. */
const PORTION = 500;

// A second that is partly within the portion goes whole.
const RATES = `DELETE FROM served_rates
  WHERE at < ? AND at <= coalesce((SELECT at FROM served_rates ORDER BY at LIMIT 1 OFFSET ?), 9e15)`;

const SECONDS =
  'DELETE FROM served_seconds WHERE key IN (SELECT key FROM served_seconds WHERE key < ? ORDER BY key LIMIT ?)';

const OLDEST_BLOCK = 'SELECT key FROM served_calls WHERE last < ? ORDER BY last, key LIMIT 1';

/** Each removes a portion of the oldest rows of a table that are older than a moment (any, without one), and tells how many. */
export class Removals {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** One block: it goes when all of it is that old. */
  calls(before?: number): number {
    const block = this.#connection.integer(OLDEST_BLOCK, micros(before));
    if (block === undefined) return 0;
    this.#connection.run('DELETE FROM served_callers WHERE block = ?', block);
    return this.#connection.run('DELETE FROM served_calls WHERE key = ?', block);
  }

  seconds(before?: number): number {
    return this.#connection.run(SECONDS, micros(before), PORTION);
  }

  rates(before = Number.MAX_SAFE_INTEGER): number {
    return this.#connection.run(RATES, before, PORTION);
  }

  /** One window that is over, with all shares in it. */
  windows(level: Level, before = Number.MAX_SAFE_INTEGER): number {
    const oldest = 'SELECT at FROM served_windows WHERE level = ? AND at <= ? ORDER BY at LIMIT 1';
    const at = this.#connection.integer(oldest, level, before - level);
    if (at === undefined) return 0;
    const shares = this.#connection.run('DELETE FROM served_shares WHERE level = ? AND at = ?', level, at);
    return shares + this.#connection.run('DELETE FROM served_windows WHERE level = ? AND at = ?', level, at);
  }
}

const micros = (seconds: number | undefined): number =>
  seconds === undefined ? Number.MAX_SAFE_INTEGER : toMicros(seconds);
