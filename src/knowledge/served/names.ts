import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Connection } from '../sqlite/connection.js';
import { text } from '../sqlite/row.js';

export type NameKind = 'function' | 'principal';

interface Known {
  readonly key: number;
  usedAt: number;
}

/** How long a name may be used before that is written down again: fewer writes, and a name's end known to so much. */
export const USE_SECONDS = 600;

/** Names that are remembered at most, in each direction. */
const REMEMBERED = 20_000;

// SQLite ends a text at its first NUL, and knows no halves of characters.
const UNFIT = /[\0\ud800-\udfff]/u;

/** Names that many rows share: each is kept once, for as long as it is used. */
export class Names {
  readonly #connection: Connection;
  readonly #known = new Map<NameKind, Map<string, Known>>();
  readonly #names = new Map<number, string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The key of a name that is used now, which is added when it is new. Part of the transaction that uses it. */
  keyOf(kind: NameKind, name: string, at: number): number {
    let ofKind = this.#known.get(kind);
    if (ofKind === undefined) {
      ofKind = new Map();
      this.#known.set(kind, ofKind);
    }
    const known = ofKind.get(name);
    if (known !== undefined && at - known.usedAt < USE_SECONDS) return known.key;
    const key = this.#use(kind, name, at);
    if (ofKind.size >= REMEMBERED) ofKind.clear();
    ofKind.set(name, { key, usedAt: at });
    return key;
  }

  /** The key of a name if there is one. */
  find(kind: NameKind, name: string): number | undefined {
    return this.#connection.integer('SELECT key FROM served_names WHERE kind = ? AND name = ?', kind, name);
  }

  nameOf(key: number): string {
    let name = this.#names.get(key);
    if (name === undefined) {
      const [row] = this.#connection.rows('SELECT name FROM served_names WHERE key = ?', key);
      name = text(row ?? {}, 'name');
      if (this.#names.size >= REMEMBERED) this.#names.clear();
      this.#names.set(key, name);
    }
    return name;
  }

  /** Removes the names that were used last before then. Part of a transaction. */
  remove(kind: NameKind, before: number): void {
    const sql = 'DELETE FROM served_names WHERE kind = ? AND used_at < ?';
    if (this.#connection.run(sql, kind, before) > 0) this.forget();
  }

  /** To be called when a transaction that used names came to nothing or names were removed. */
  forget(): void {
    this.#known.clear();
    this.#names.clear();
  }

  #use(kind: NameKind, name: string, at: number): number {
    if (UNFIT.test(name))
      throw new WattloopError(
        ErrorCode.badInput,
        `the ${kind} ${JSON.stringify(name)} can't be kept: it holds unfit characters`,
      );
    const sql = `INSERT INTO served_names (kind, name, used_at) VALUES (?, ?, ?)
      ON CONFLICT (kind, name) DO UPDATE SET used_at = max(used_at, excluded.used_at) RETURNING key`;
    const key = this.#connection.integer(sql, kind, name, at);
    if (key !== undefined) return key;
    throw new WattloopError(ErrorCode.internal, 'served_names gave no key for a name');
  }
}
