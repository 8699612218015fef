import { createHash } from 'node:crypto';
import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Connection } from './connection.js';
import { fromJson } from './json.js';
import { text } from './row.js';
import { sameJson } from './same-json.js';

/** Contents that are remembered at most, in each direction; there are few unless something odd goes on. */
const REMEMBERED = 1_000;
const HASH_LETTERS = 32;

function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value): void {
  if (memory.size >= REMEMBERED) memory.clear();
  memory.set(key, value);
}

/** A table of what many rows have in common: each content is kept once, by a hash of its JSON. */
export class Contents<Content extends object> {
  readonly #connection: Connection;
  readonly #table: string;
  readonly #keys = new Map<string, number>();
  /** Most often the next content is the one before, or a copy of it that came from another process. */
  #last: { readonly content: Content; readonly key: number } | undefined;
  readonly #contents = new Map<number, Content>();

  constructor(connection: Connection, table: 'platforms' | 'absences' | 'energy_layouts') {
    this.#connection = connection;
    this.#table = table;
  }

  /** The key of a content, which is added when it is new. Part of the transaction that uses it. */
  keyOf(content: Content): number {
    if (this.#last !== undefined && sameJson(this.#last.content, content)) return this.#last.key;
    const json = JSON.stringify(content);
    let key = this.#keys.get(json);
    if (key === undefined) {
      key = this.#insert(json);
      remember(this.#keys, json, key);
    }
    this.#last = { content, key };
    return key;
  }

  /** The content with that key: the same object each time, for as long as it is remembered. */
  at(key: number): Content {
    let content = this.#contents.get(key);
    if (content === undefined) {
      const [row] = this.#connection.rows(`SELECT content FROM ${this.#table} WHERE key = ?`, key);
      content = fromJson<Content>(
        row === undefined ? '' : text(row, 'content'),
        `row ${key} of ${this.#table}`,
      );
      remember(this.#contents, key, content);
    }
    return content;
  }

  /** To be called when a transaction that added contents came to nothing. */
  forget(): void {
    this.#keys.clear();
    this.#last = undefined;
  }

  #insert(json: string): number {
    const hash = createHash('sha256').update(json).digest('hex').slice(0, HASH_LETTERS);
    const select = `SELECT key FROM ${this.#table} WHERE hash = ?`;
    const known = this.#connection.integer(select, hash);
    if (known !== undefined) return known;
    const insert = `INSERT INTO ${this.#table} (hash, content) VALUES (?, ?) RETURNING key`;
    const key = this.#connection.integer(insert, hash, json);
    if (key !== undefined) return key;
    throw new WattloopError(ErrorCode.internal, `${this.#table} gave no key for a new row`);
  }
}
