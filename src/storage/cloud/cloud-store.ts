import { Readable } from 'node:stream';
import { type Clock, type Logger, systemClock, WattloopError } from '../../base/index.js';
import { cancelled, chunksOf, throwIfAborted } from '../content/body.js';
import { checkedStream, collect } from '../content/checked-stream.js';
import { crc32cHex } from '../content/crc32c.js';
import { oneOrMany, type Part, partsOf, Total } from '../content/parts.js';
import { checkRange, isEmptyRange } from '../content/range.js';
import { checkKey, checkPrefix, compareKeys } from '../key.js';
import type {
  GetOptions,
  ObjectBody,
  ObjectInfo,
  ObjectStore,
  PutOptions,
  StorageKind,
} from '../object-store.js';
import { type Attempt, alreadyExists, damaged, notFound } from '../storage-error.js';
import type { CloudDriver, Stored, WriteOptions } from './driver.js';
import { resuming } from './resume.js';

const NOTHING: Part = { bytes: new Uint8Array(), crc32c: 0 };

/** A store behind a network: what all providers have in common, over a driver that speaks to one of them. */
export class CloudStore implements ObjectStore {
  readonly kind: StorageKind;
  readonly address: string;
  readonly #driver: CloudDriver;
  readonly #clock: Clock;
  readonly #log: Logger;

  constructor(driver: CloudDriver, log: Logger, clock: Clock = systemClock) {
    this.kind = driver.kind;
    this.address = driver.address;
    this.#driver = driver;
    this.#clock = clock;
    this.#log = log;
  }

  async put(key: string, body: ObjectBody, options: PutOptions = {}): Promise<ObjectInfo> {
    const { ifAbsent = false, crc32c: expected, contentType, signal } = options;
    checkKey(key);
    throwIfAborted(signal);
    // Asked before, so that nothing is sent in vain; also, not every server knows how to refuse.
    if (ifAbsent && (await this.head(key)) !== undefined) throw alreadyExists(this.#driver.place, key);
    const total = new Total();
    const attempt: Attempt = { action: 'write', key };
    const accept = (): void => this.#compare(attempt, expected, crc32cHex(total.crc32c));
    const parts = partsOf(chunksOf(body, signal), total, accept);
    const stored = await this.#trying(attempt, signal, () =>
      this.#send(key, parts, { ifAbsent, contentType, signal }),
    );
    const sum = crc32cHex(total.crc32c);
    await this.#checkArrived(attempt, sum, stored);
    return {
      key,
      sizeBytes: total.sizeBytes,
      modifiedAt: stored.modifiedAt ?? this.#clock.wall(),
      ...(stored.etag !== undefined && { etag: stored.etag }),
      crc32c: sum,
    };
  }

  async #send(
    key: string,
    parts: AsyncGenerator<Part, void, undefined>,
    options: WriteOptions,
  ): Promise<Stored> {
    const content = await oneOrMany(parts);
    if ('many' in content) return this.#driver.putParts(key, content.many, options);
    return this.#driver.putWhole(key, content.one ?? NOTHING, options);
  }

  /** Servers check what they are sent where they know how; this is for those that don't, and for what breaks in them. */
  async #checkArrived(attempt: Attempt, sum: string, stored: Stored): Promise<void> {
    try {
      this.#compare(attempt, stored.crc32c, sum);
    } catch (error) {
      await this.#driver.delete([attempt.key]).catch(() => undefined);
      throw error;
    }
  }

  async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return collect(await this.stream(key, options));
  }

  async stream(key: string, options: GetOptions = {}): Promise<Readable> {
    const { range, crc32c: expected, signal } = options;
    const attempt: Attempt = { action: 'read', key };
    checkKey(key);
    checkRange(range);
    throwIfAborted(signal);
    if (isEmptyRange(range)) {
      if ((await this.head(key)) === undefined) throw notFound(this.#driver.place, attempt);
      return Readable.from([]);
    }
    const opened = await this.#trying(attempt, signal, () => this.#driver.open(key, range, signal));
    const reading = { driver: this.#driver, key, range, signal, clock: this.#clock, log: this.#log };
    const source = opened === undefined ? [] : resuming(opened, reading);
    return checkedStream(Readable.from(source, { objectMode: false }), {
      crc32c: expected ?? (range === undefined ? opened?.crc32c : undefined),
      signal,
      failed: (error) => this.#explained(error, attempt, signal),
      mismatch: (wanted, found) => damaged(this.#driver.place, attempt, wanted, found),
    });
  }

  head(key: string): Promise<ObjectInfo | undefined> {
    checkKey(key);
    return this.#trying({ action: 'look at', key }, undefined, () => this.#driver.head(key));
  }

  async *list(prefix = ''): AsyncGenerator<ObjectInfo, void, undefined> {
    for await (const page of this.#pages(prefix)) yield* page;
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#trying({ action: 'delete', key }, undefined, () => this.#driver.delete([key]));
  }

  async deleteAll(prefix: string): Promise<number> {
    let count = 0;
    for await (const page of this.#pages(prefix)) {
      const keys = page.map(({ key }) => key);
      await this.#trying({ action: 'delete', key: prefix }, undefined, () => this.#driver.delete(keys));
      count += keys.length;
    }
    return count;
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  async *#pages(prefix: string): AsyncGenerator<readonly ObjectInfo[], void, undefined> {
    checkPrefix(prefix);
    try {
      for await (const page of this.#driver.list(prefix)) yield inOrder(page);
    } catch (error) {
      throw this.#explained(error, { action: 'list', key: prefix }, undefined);
    }
  }

  #compare(attempt: Attempt, expected: string | undefined, found: string): void {
    if (expected !== undefined && found !== expected) {
      throw damaged(this.#driver.place, attempt, expected, found);
    }
  }

  async #trying<Result>(
    attempt: Attempt,
    signal: AbortSignal | undefined,
    act: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      throw this.#explained(error, attempt, signal);
    }
  }

  #explained(error: unknown, attempt: Attempt, signal: AbortSignal | undefined): Error {
    if (error instanceof WattloopError) return error;
    return signal?.aborted ? cancelled(signal) : this.#driver.explain(error, attempt);
  }
}

/** Servers that keep objects as files may list folder by folder. What they give on several pages stays so. */
const inOrder = (page: readonly ObjectInfo[]): readonly ObjectInfo[] =>
  page.toSorted((a, b) => compareKeys(a.key, b.key));
