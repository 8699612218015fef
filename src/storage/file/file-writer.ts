import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  fsync as fsyncWithCallback,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
  write as writeWithCallback,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolders, systemCode } from '../../base/index.js';
import { crc32c } from '../content/crc32c.js';
import { removeEmptyBelow } from './empty-folders.js';

const write = promisify(writeWithCallback);
const fsync = promisify(fsyncWithCallback);

/** Where objects are written before they appear; its name can't begin a key. */
export const TEMPORARY_FOLDER = '.wattloop-tmp';

/** What a process that was killed has left is removed after that time. */
const LEFTOVER_SECONDS = 86_400;
/** Waiting for a thread costs more than writing as much as this at once. */
const AT_ONCE_BYTES = 64 * 1024;
/** Someone may remove the folder, as it is empty, just before the object is put into it. */
const TRIES = 5;

export interface Written {
  readonly stats: Stats;
  readonly crc32c: number;
}

/**
 * Writes files that appear whole or not at all: into a temporary one, which then gets its name. The file system need not
 * wait for the disk for that, unless it is told to.
 */
export class FileWriter {
  readonly #temporary: string;
  readonly #durable: boolean;
  /** Tells processes apart, also those of other machines that share the folder. */
  readonly #name = randomBytes(6).toString('hex');
  #count = 0;
  #swept = false;

  constructor(root: string, durable: boolean) {
    this.#temporary = join(root, TEMPORARY_FOLDER);
    this.#durable = durable;
  }

  /** `accept` may refuse, by throwing, what was written; then nothing is kept. */
  async write(
    path: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options: { ifAbsent: boolean; accept: (crc32c: number) => void },
  ): Promise<Written> {
    this.#sweep();
    const temporary = join(this.#temporary, `${this.#name}-${(this.#count++).toString(36)}`);
    try {
      const written =
        body instanceof Uint8Array && body.length <= AT_ONCE_BYTES
          ? this.#fillAtOnce(temporary, body)
          : await this.#fill(temporary, body instanceof Uint8Array ? [body] : body);
      options.accept(written.crc32c);
      this.#appear(temporary, path, options.ifAbsent);
      return written;
    } catch (error) {
      removeIfAny(temporary);
      throw error;
    }
  }

  #fillAtOnce(path: string, bytes: Uint8Array): Written {
    const descriptor = this.#create(path);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
      if (this.#durable) fsyncSync(descriptor);
      return { stats: fstatSync(descriptor), crc32c: crc32c(bytes) };
    } finally {
      closeSync(descriptor);
    }
  }

  async #fill(path: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Written> {
    const descriptor = this.#create(path);
    try {
      let sum = 0;
      for await (const chunk of chunks) {
        sum = crc32c(chunk, sum);
        for (let at = 0; at < chunk.length; ) at += (await write(descriptor, chunk, at)).bytesWritten;
      }
      if (this.#durable) await fsync(descriptor);
      return { stats: fstatSync(descriptor), crc32c: sum };
    } finally {
      closeSync(descriptor);
    }
  }

  #create(path: string): number {
    return this.#makingFolder(path, () => openSync(path, 'wx'));
  }

  #appear(temporary: string, path: string, ifAbsent: boolean): void {
    try {
      this.#makingFolder(path, () => place(temporary, path, ifAbsent));
    } catch (error) {
      if (!isFolder(path)) throw error;
      // What was a folder of objects that are gone may become an object.
      removeEmptyBelow(path);
      this.#makingFolder(path, () => place(temporary, path, ifAbsent));
    }
    if (this.#durable) syncFolder(dirname(path));
  }

  /** Folders are made when one is found missing: asking first would cost every object a call. */
  #makingFolder<Result>(path: string, act: () => Result): Result {
    for (let left = TRIES; ; left--) {
      try {
        return act();
      } catch (error) {
        if (systemCode(error) !== 'ENOENT' || left === 0) throw error;
        makeFolders(dirname(path));
      }
    }
  }

  #sweep(): void {
    if (this.#swept) return;
    this.#swept = true;
    const oldest = Date.now() - LEFTOVER_SECONDS * 1e3;
    try {
      for (const name of readdirSync(this.#temporary)) {
        const path = join(this.#temporary, name);
        if (statSync(path).mtimeMs < oldest) removeIfAny(path);
      }
    } catch {
      // There is no such folder yet, or another process sweeps.
    }
  }
}

function place(temporary: string, path: string, ifAbsent: boolean): void {
  if (!ifAbsent) renameSync(temporary, path);
  else {
    linkSync(temporary, path);
    unlinkSync(temporary);
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function removeIfAny(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It isn't there, or what made it fail makes this fail too: it is swept later.
  }
}
