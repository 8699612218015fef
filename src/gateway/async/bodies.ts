import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { makeFolders, systemCode } from '../../base/index.js';
import type { Budget } from './budget.js';
import type { KeptBody } from './store/call-row.js';

/** Bodies up to this size are kept in the database; larger ones in a file each. */
export const INLINE_BYTES = 64 * 1_024;

/** Why a body was not kept: it is larger than one may be, or there is no room left for all. */
export type BodyRefusal = 'too_large' | 'no_room';
export type BodyOutcome = { readonly body: KeptBody } | { readonly refusal: BodyRefusal };

/** Bodies on disk, from the first byte that does not fit into memory. What was kept is on the disk itself. */
export class Bodies {
  readonly #folder: string;
  readonly #budget: Budget;
  readonly #mostBytes: number;

  constructor(folder: string, budget: Budget, mostBytes: number) {
    this.#folder = folder;
    this.#budget = budget;
    this.#mostBytes = mostBytes;
  }

  /** Reads a body to its end. Rejects with the stream's error; nothing is kept then. */
  async keep(stream: Readable | undefined, file: string): Promise<BodyOutcome> {
    if (stream === undefined) return { body: { bytes: 0 } };
    const writer = new Writer(join(this.#folder, file));
    let bytes = 0;
    let isKept = false;
    try {
      for await (const chunk of stream) {
        const data: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
        if (bytes + data.length > this.#mostBytes) return { refusal: 'too_large' };
        if (!this.#budget.take(data.length)) return { refusal: 'no_room' };
        bytes += data.length;
        await writer.add(data);
      }
      const content = await writer.finish(this.#folder);
      isKept = true;
      if (bytes === 0) return { body: { bytes } };
      return { body: content === undefined ? { file, bytes } : { content, bytes } };
    } finally {
      if (!isKept) {
        this.#budget.give(bytes);
        await writer.discard();
      }
    }
  }

  /** To be read or destroyed by whoever asked. */
  read({ content, file }: KeptBody): Uint8Array | Readable {
    if (file !== undefined) return createReadStream(join(this.#folder, file));
    return content ?? new Uint8Array(0);
  }

  /** When nothing on disk speaks of it any more. */
  async release({ file, bytes }: KeptBody): Promise<void> {
    this.#budget.give(bytes);
    if (file !== undefined) await this.#remove(file);
  }

  /** Removes what was being written when an earlier gateway ended. */
  async sweep(known: ReadonlySet<string>): Promise<void> {
    makeFolders(this.#folder);
    for (const name of await readdir(this.#folder)) if (!known.has(name)) await this.#remove(name);
  }

  async #remove(file: string): Promise<void> {
    try {
      await unlink(join(this.#folder, file));
    } catch (error) {
      // It is swept at the next start.
      if (systemCode(error) === undefined) throw error;
    }
  }
}

class Writer {
  readonly #path: string;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #handle: FileHandle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async add(data: Buffer): Promise<void> {
    this.#chunks.push(data);
    this.#bytes += data.length;
    if (this.#bytes <= INLINE_BYTES) return;
    this.#handle ??= await open(this.#path, 'wx', 0o600);
    const chunks = this.#chunks;
    this.#chunks = [];
    await this.#handle.writev(chunks);
  }

  /** The content where it is small; else it is in its file, and both file and name are on the disk. */
  async finish(folder: string): Promise<Buffer | undefined> {
    if (this.#handle === undefined) return Buffer.concat(this.#chunks);
    await this.#handle.sync();
    await this.#handle.close();
    this.#handle = undefined;
    const names = await open(folder, 'r');
    try {
      await names.sync();
    } finally {
      await names.close();
    }
    return undefined;
  }

  async discard(): Promise<void> {
    if (this.#bytes <= INLINE_BYTES) return;
    await this.#handle?.close().catch(() => {});
    await unlink(this.#path).catch(() => {});
  }
}
