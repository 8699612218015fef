import { createHash } from 'node:crypto';
import type { Connection } from './connection.js';
import { fromJson } from './json.js';
import { text } from './row.js';

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
  #keysByObject = new WeakMap<Content, number>();
  readonly #contents = new Map<number, Content>();

  constructor(connection: Connection, table: 'platforms' | 'absences' | 'energy_layouts') {
    this.#connection = connection;
    this.#table = table;
  }

  /** The key of a content, which is added when it is new. Part of the transaction that uses it. */
  keyOf(content: Content): number {
    const seen = this.#keysByObject.get(content);
    if (seen !== undefined) return seen;
    const json = JSON.stringify(content);
    let key = this.#keys.get(json);
    if (key === undefined) {
      key = this.#insert(json);
      remember(this.#keys, json, key);
    }
    this.#keysByObject.set(content, key);
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
    this.#keysByObject = new WeakMap();
  }

  #insert(json: string): number {
    const hash = createHash('sha256').update(json).digest('hex').slice(0, HASH_LETTERS);
    const select = `SELECT key FROM ${this.#table} WHERE hash = ?`;
    const known = this.#connection.integer(select, hash);
    if (known !== undefined) return known;
    const insert = `INSERT INTO ${this.#table} (hash, content) VALUES (?, ?) RETURNING key`;
    return this.#connection.integer(insert, hash, json) ?? Number.NaN;
  }
}
