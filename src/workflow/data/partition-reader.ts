import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { ObjectStore } from '../../storage/index.js';
import { joined } from './joined.js';
import {
  checkSegment,
  damaged,
  decodeIndex,
  headBytes,
  type PartitionIndex,
  type SegmentEntry,
} from './partition-format.js';
import { deserialise } from './serialise.js';

/** What is asked for first: the index of most partitions, and all of a small one. */
const FIRST_BYTES = 16 * 1024;

export type CountBytes = (bytes: number) => void;

/** Reads partitions from a store, and no more of them than is wanted. */
export class PartitionReader {
  readonly #store: ObjectStore;
  readonly #count: CountBytes;
  readonly #signal: AbortSignal | undefined;

  constructor(store: ObjectStore, count: CountBytes = () => {}, signal?: AbortSignal) {
    this.#store = store;
    this.#count = count;
    this.#signal = signal;
  }

  /** The value, as the function returned it. */
  async whole(key: string): Promise<unknown> {
    const object = await this.#get(key);
    const index = decodeIndex(key, object);
    if (object.length !== index.objectBytes) {
      throw damaged(key, `is truncated: it has ${object.length} bytes of ${index.objectBytes}`);
    }
    const entries = index.tables.get('') ?? [];
    const segments = entries.map((entry) =>
      checkSegment(key, entry, object.subarray(entry.start, entry.end)),
    );
    const [first = Buffer.alloc(0)] = segments;
    if (index.kind === 'buffer') return Buffer.from(first.buffer, first.byteOffset, first.byteLength);
    if (index.kind === 'bytes') return new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
    if (segments.length === 1) return valueIn(key, first);
    return joined(segments.map((segment) => elementsIn(key, segment)));
  }

  /** The elements of a list between two fractions of it; each element is in exactly one of adjoining parts. */
  async slice(key: string, from: number, to: number): Promise<unknown[]> {
    const head = await this.#head(key);
    if (head.index.kind !== 'list') {
      throw new WattloopError(ErrorCode.badInput, `object ${key} holds no list, so it can't be scattered`, {
        remedy: 'Let the stage return an array, or read it with each, broadcast or gather',
      });
    }
    const entries = head.index.tables.get('') ?? [];
    const total = entries.reduce((sum, { elements }) => sum + elements, 0);
    const [first, last] = [elementAt(from, total), elementAt(to, total)];
    if (first >= last) return [];
    const wanted: SegmentEntry[] = [];
    let before = 0;
    let skip = 0;
    for (const entry of entries) {
      if (before + entry.elements > first && before < last) {
        if (wanted.length === 0) skip = first - before;
        wanted.push(entry);
      }
      before += entry.elements;
    }
    const blocks = await this.#segments(key, head, wanted);
    const elements = joined(blocks.map((block) => elementsIn(key, block)));
    // `slice` keeps holes, as does the list that has them.
    return skip === 0 && elements.length === last - first
      ? elements
      : elements.slice(skip, skip + last - first);
  }

  /** The elements that a shuffle put into a bucket. */
  async bucket(key: string, shuffle: string, bucket: number): Promise<unknown[]> {
    const head = await this.#head(key);
    const entry = head.index.tables.get(shuffle)?.[bucket];
    if (!entry) throw damaged(key, `has no bucket ${bucket} of shuffle "${shuffle}"`);
    if (entry.elements === 0) return [];
    const [bytes = Buffer.alloc(0)] = await this.#segments(key, head, [entry]);
    return elementsIn(key, bytes);
  }

  async #get(key: string, start?: number, end?: number): Promise<Buffer> {
    const range = start === undefined ? {} : { range: { start, ...(end === undefined ? {} : { end }) } };
    const bytes = await this.#store.get(key, this.#signal ? { ...range, signal: this.#signal } : range);
    this.#count(bytes.length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async #head(key: string): Promise<{ bytes: Buffer; index: PartitionIndex }> {
    let bytes = await this.#get(key, 0, FIRST_BYTES);
    const size = headBytes(key, bytes);
    if (bytes.length < size && bytes.length >= FIRST_BYTES) {
      bytes = Buffer.concat([bytes, await this.#get(key, bytes.length, size)]);
    }
    return { bytes, index: decodeIndex(key, bytes) };
  }

  /** Segments that lie one after another, in one request, or none where the first bytes had them. */
  async #segments(
    key: string,
    head: { bytes: Buffer },
    entries: readonly SegmentEntry[],
  ): Promise<Uint8Array[]> {
    const start = entries[0]?.start ?? 0;
    const end = entries.at(-1)?.end ?? start;
    const isThere = end <= head.bytes.length;
    const bytes = isThere ? head.bytes.subarray(start, end) : await this.#get(key, start, end);
    return entries.map((entry) =>
      checkSegment(key, entry, bytes.subarray(entry.start - start, entry.end - start)),
    );
  }
}

/** The first element after a fraction of a list. Adjoining parts ask for the same number, and get the same answer. */
const elementAt = (fraction: number, total: number): number =>
  Math.round(Math.min(1, Math.max(0, fraction)) * total);

function valueIn(key: string, bytes: Uint8Array): unknown {
  try {
    return deserialise(bytes);
  } catch (error) {
    throw damaged(key, `can't be read: ${messageOf(error)}`, error);
  }
}

function elementsIn(key: string, bytes: Uint8Array): unknown[] {
  const value = valueIn(key, bytes);
  if (!Array.isArray(value)) throw damaged(key, 'is damaged: a block of it holds no list');
  return value;
}
