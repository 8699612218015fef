import { closeSync, fstatSync, openSync, readSync, type Stats, statSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { ErrorCode, systemCode, WattloopError } from '../../base/index.js';
import { bytesAtOnce, chunksOf, throwIfAborted } from '../content/body.js';
import { checkedStream, collect } from '../content/checked-stream.js';
import { crc32c, crc32cHex } from '../content/crc32c.js';
import { checkRange } from '../content/range.js';
import { checkKey, checkPrefix } from '../key.js';
import type { GetOptions, ObjectBody, ObjectInfo, ObjectStore, PutOptions } from '../object-store.js';
import { type Attempt, alreadyExists, damaged, notFound } from '../storage-error.js';
import { removeEmptyAbove } from './empty-folders.js';
import { fileError } from './file-error.js';
import { FileWriter, TEMPORARY_FOLDER } from './file-writer.js';
import { walk } from './walk.js';

/** Waiting for a thread costs more than reading as much as this at once. */
const AT_ONCE_BYTES = 64 * 1024;

/**
 * Objects as files below a folder, by their keys. Small ones are written and read without waiting, as a worker does
 * nothing else meanwhile, and a thread would cost more than the work.
 */
export class FileStore implements ObjectStore {
  readonly kind = 'file';
  readonly address: string;
  readonly #root: string;
  readonly #writer: FileWriter;

  /** `durable`: an object counts as written when the disk has it. */
  constructor(root: string, durable = false) {
    this.#root = resolve(root);
    this.address = this.#root;
    this.#writer = new FileWriter(this.#root, durable);
  }

  async put(key: string, body: ObjectBody, options: PutOptions = {}): Promise<ObjectInfo> {
    const { ifAbsent = false, crc32c: expected, signal } = options;
    const path = this.#path(key);
    const attempt: Attempt = { action: 'write', key };
    const accept = (sum: number): void => {
      throwIfAborted(signal);
      const found = crc32cHex(sum);
      if (expected !== undefined && found !== expected) throw damaged(this.#root, attempt, expected, found);
    };
    throwIfAborted(signal);
    try {
      const content = bytesAtOnce(body) ?? chunksOf(body, signal);
      const written = await this.#writer.write(path, content, { ifAbsent, accept });
      return { ...infoOf(key, written.stats), crc32c: crc32cHex(written.crc32c) };
    } catch (error) {
      if (systemCode(error) === 'EEXIST') throw alreadyExists(this.#root, key);
      throw fileError(this.#root, attempt, error);
    }
  }

  async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return this.#readAtOnce(key, options) ?? collect(await this.stream(key, options));
  }

  /** Undefined when there is more of it than should be read without waiting. */
  #readAtOnce(key: string, { range, crc32c: expected, signal }: GetOptions): Uint8Array | undefined {
    const path = this.#path(key);
    const attempt: Attempt = { action: 'read', key };
    checkRange(range);
    throwIfAborted(signal);
    try {
      const descriptor = openSync(path, 'r');
      try {
        const stats = fstatSync(descriptor);
        if (!stats.isFile()) throw notFound(this.#root, attempt);
        const start = range?.start ?? 0;
        const length = Math.max(0, Math.min(range?.end ?? stats.size, stats.size) - start);
        if (length > AT_ONCE_BYTES) return undefined;
        const bytes = Buffer.allocUnsafe(length);
        let at = 0;
        while (at < length) {
          const read = readSync(descriptor, bytes, at, length - at, start + at);
          if (read === 0) break;
          at += read;
        }
        const content = bytes.subarray(0, at);
        const found = expected === undefined ? undefined : crc32cHex(crc32c(content));
        if (expected !== undefined && found !== undefined && found !== expected) {
          throw damaged(this.#root, attempt, expected, found);
        }
        return content;
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      throw fileError(this.#root, attempt, error);
    }
  }

  async stream(key: string, options: GetOptions = {}): Promise<Readable> {
    const { range, crc32c: expected, signal } = options;
    const path = this.#path(key);
    const attempt: Attempt = { action: 'read', key };
    checkRange(range);
    throwIfAborted(signal);
    try {
      const file = await open(path, 'r');
      const stats = await file.stat();
      if (!stats.isFile()) {
        await file.close();
        throw notFound(this.#root, attempt);
      }
      const start = Math.min(range?.start ?? 0, stats.size);
      const end = Math.min(range?.end ?? stats.size, stats.size);
      // A file stream can't be told to read nothing; from the end on there is nothing.
      const part = end > start ? { start, end: end - 1 } : { start: stats.size };
      return checkedStream(file.createReadStream({ ...part, highWaterMark: AT_ONCE_BYTES }), {
        crc32c: expected,
        signal,
        failed: (error) => fileError(this.#root, attempt, error),
        mismatch: (wanted, found) => damaged(this.#root, attempt, wanted, found),
      });
    } catch (error) {
      throw fileError(this.#root, attempt, error);
    }
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const path = this.#path(key);
    try {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats?.isFile() ? infoOf(key, stats) : undefined;
    } catch (error) {
      if (systemCode(error) === 'ENOTDIR') return undefined;
      throw fileError(this.#root, { action: 'look at', key }, error);
    }
  }

  async *list(prefix = ''): AsyncGenerator<ObjectInfo, void, undefined> {
    checkPrefix(prefix);
    try {
      for await (const { key, stats } of walk(this.#root, prefix)) yield infoOf(key, stats);
    } catch (error) {
      throw fileError(this.#root, { action: 'list', key: prefix }, error);
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.#path(key);
    try {
      unlinkSync(path);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return;
      throw fileError(this.#root, { action: 'delete', key }, error);
    }
  }

  async deleteAll(prefix: string): Promise<number> {
    let count = 0;
    let folder: string | undefined;
    // A folder that is left is tidied up once: to look whether a large one is empty takes long.
    const leave = (): void => {
      if (folder !== undefined) removeEmptyAbove(folder, this.#root);
    };
    for await (const { key } of this.list(prefix)) {
      await this.delete(key);
      count++;
      const next = dirname(join(this.#root, key));
      if (next !== folder) leave();
      folder = next;
    }
    leave();
    return count;
  }

  async close(): Promise<void> {}

  #path(key: string): string {
    checkKey(key);
    if (key === TEMPORARY_FOLDER || key.startsWith(`${TEMPORARY_FOLDER}/`)) {
      throw new WattloopError(
        ErrorCode.badInput,
        `The key ${JSON.stringify(key)} is kept for temporary files`,
        {
          remedy: `Take a key that does not begin with ${TEMPORARY_FOLDER}`,
        },
      );
    }
    return join(this.#root, key);
  }
}

/** Every write makes another file at another time, so node and time tell contents apart. */
const infoOf = (key: string, { size, mtimeMs, ino }: Stats): ObjectInfo => ({
  key,
  sizeBytes: size,
  modifiedAt: mtimeMs / 1e3,
  etag: `${ino.toString(36)}-${Math.round(mtimeMs * 1e3).toString(36)}-${size.toString(36)}`,
});
