import { createReadStream } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Logger, makeFolders, messageOf } from '../../base/index.js';
import { BodyWriter } from './body-writer.js';
import type { Budget } from './budget.js';
import type { KeptBody } from './store/kept.js';

/** Why a body was not kept: it is larger than one may be, there is no room left for all, or the disk refused it. */
export interface BodyRefusal {
  readonly why: 'too_large' | 'no_room' | 'disk';
  readonly message: string;
}

export type BodyOutcome = { readonly body: KeptBody } | { readonly refusal: BodyRefusal };

const TOO_LARGE: BodyRefusal = {
  why: 'too_large',
  message: 'the body is larger than gateway.max_body_mib allows',
};
const NO_ROOM: BodyRefusal = {
  why: 'no_room',
  message: 'there is no room for more bodies of asynchronous calls (gateway.async.max_mib)',
};

const DISK: BodyRefusal = { why: 'disk', message: 'the disk did not take the body' };

/** Bodies on disk: small ones in the database, others in a file each, written as they come. */
export class Bodies {
  readonly #folder: string;
  readonly #budget: Budget;
  readonly #mostBytes: number;
  readonly #log: Logger;
  #isFailing = false;

  constructor(folder: string, budget: Budget, mostBytes: number, log: Logger) {
    this.#folder = folder;
    this.#budget = budget;
    this.#mostBytes = mostBytes;
    this.#log = log;
  }

  /** Reads a body to its end. Rejects with the stream's error; nothing is kept then. What was refused is not read further. */
  async keep(stream: Readable | undefined, file: string): Promise<BodyOutcome> {
    if (stream === undefined) return { body: { bytes: 0 } };
    const writer = new BodyWriter(this.#folder, file);
    let bytes = 0;
    let outcome: BodyOutcome | undefined;
    try {
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        const data: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
        outcome = await this.#add(writer, bytes, data);
        if (outcome !== undefined) break;
        bytes += data.length;
      }
      outcome ??= await this.#finish(writer, bytes);
      return outcome;
    } finally {
      if (outcome === undefined || 'refusal' in outcome) {
        this.#budget.give(bytes);
        await writer.discard();
      }
    }
  }

  /** To be read or destroyed by whoever asked. */
  read({ content, file }: KeptBody): Uint8Array | Readable {
    if (file === undefined) return content ?? new Uint8Array(0);
    const stream = createReadStream(join(this.#folder, file));
    // It may fail before anyone listens; whoever reads it is told all the same.
    return stream.on('error', () => {});
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

  async #add(writer: BodyWriter, before: number, data: Buffer): Promise<BodyOutcome | undefined> {
    if (before + data.length > this.#mostBytes) return { refusal: TOO_LARGE };
    if (!this.#budget.take(data.length)) return { refusal: NO_ROOM };
    try {
      await writer.add(data);
      return undefined;
    } catch (error) {
      this.#budget.give(data.length);
      return this.#failed(error);
    }
  }

  async #finish(writer: BodyWriter, bytes: number): Promise<BodyOutcome> {
    try {
      const written = await writer.finish();
      if (written.file !== undefined) this.#isFailing = false;
      return { body: { ...written, bytes } };
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** Its owner is told once until a body fits again; callers need not know where it is kept. */
  #failed(error: unknown): BodyOutcome {
    if (!this.#isFailing)
      this.#log.error('bodies of asynchronous calls can not be kept', { error: messageOf(error) });
    this.#isFailing = true;
    return { refusal: DISK };
  }

  async #remove(file: string): Promise<void> {
    // What can't be removed now is swept at the next start.
    await unlink(join(this.#folder, file)).catch(() => {});
  }
}
