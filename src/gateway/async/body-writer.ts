import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptBody } from './store/kept.js';

/** Bodies up to this size are kept in the database: up to there it is quicker than files. */
const INLINE_BYTES = 64 * 1_024;

/** Where a body is when it was written. */
type Written = Pick<KeptBody, 'content' | 'file'>;

/** One body that comes piece by piece: in memory while it is small, then in a file. */
export class BodyWriter {
  readonly #folder: string;
  readonly #file: string;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #handle: FileHandle | undefined;
  #hasFile = false;

  constructor(folder: string, file: string) {
    this.#folder = folder;
    this.#file = file;
  }

  async add(data: Buffer): Promise<void> {
    this.#chunks.push(data);
    this.#bytes += data.length;
    if (this.#bytes <= INLINE_BYTES) return;
    if (this.#handle === undefined) {
      this.#handle = await open(join(this.#folder, this.#file), 'wx', 0o600);
      this.#hasFile = true;
    }
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of chunks) await this.#handle.writeFile(chunk);
  }

  /** A file's content and its name in the folder are on the disk itself when this resolves. */
  async finish(): Promise<Written> {
    if (this.#handle === undefined) return this.#bytes === 0 ? {} : { content: Buffer.concat(this.#chunks) };
    await this.#handle.sync();
    await this.#close();
    const names = await open(this.#folder, 'r');
    try {
      await names.sync();
    } finally {
      await names.close();
    }
    return { file: this.#file };
  }

  async discard(): Promise<void> {
    await this.#close().catch(() => {});
    // What can't be removed now is swept at the next start.
    if (this.#hasFile) await unlink(join(this.#folder, this.#file)).catch(() => {});
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}
