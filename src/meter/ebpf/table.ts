import type { BpfMap } from '../native/libbpf.js';
import { Words } from './words.js';

/** All entries of a hash map at one reading; valid until the next. */
export interface Entries {
  readonly count: number;
  readonly keys: Words;
  readonly values: Words;
  /** The bytes of the values, for text in them. */
  readonly bytes: Buffer;
}

/** A hash map of the kernel's whose keys and values are whole words, read in one system call. */
export class Table {
  readonly #map: BpfMap;
  readonly #capacity: number;
  readonly #keyBuffer: Buffer;
  readonly #valueBuffer: Buffer;
  readonly #value: Buffer;
  /** The value that `find` found; valid until the next call. */
  readonly found: Words;

  constructor(map: BpfMap, capacity: number, keyBytes: number, valueBytes: number) {
    this.#map = map;
    this.#capacity = capacity;
    this.#keyBuffer = Buffer.alloc(capacity * keyBytes);
    this.#valueBuffer = Buffer.alloc(capacity * valueBytes);
    // Of their own memory, so that they begin on a whole word.
    this.#value = Buffer.from(new ArrayBuffer(valueBytes));
    this.found = Words.of(this.#value);
  }

  all(): Entries {
    const count = this.#map.readAll(this.#keyBuffer, this.#valueBuffer, this.#capacity);
    return {
      count,
      keys: Words.of(this.#keyBuffer),
      values: Words.of(this.#valueBuffer),
      bytes: this.#valueBuffer,
    };
  }

  /** Whether the key is there; its value is in `found` then. */
  find(key: Buffer): boolean {
    return this.#map.lookup(key, this.#value);
  }

  put(key: Buffer, value: Buffer): void {
    this.#map.update(key, value);
  }

  remove(key: Buffer): boolean {
    return this.#map.delete(key);
  }
}
