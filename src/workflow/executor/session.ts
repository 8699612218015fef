import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders, WattloopError } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { ObjectStore } from '../../storage/index.js';
import { deserialise, serialise } from '../data/serialise.js';
import { RunFolder } from '../run/run-folder.js';
import { type Argument, INLINE_BYTES, type Part } from './part.js';
import type { Session } from './payload.js';

/** Where an executor keeps its values, and says so to workers. */
export class ExecutorSession {
  /** The file that workers read. */
  readonly file: string;
  readonly #folder: RunFolder;
  readonly #store: ObjectStore;
  readonly #prefix: string;
  readonly #session: Session;
  #isWritten = false;
  #hasObjects = false;

  constructor(id: string, dataDir: string, settings: Settings, store: ObjectStore) {
    this.#folder = new RunFolder(dataDir, id);
    this.file = join(this.#folder.path, 'session.json');
    this.#store = store;
    this.#prefix = `runs/${id}/`;
    this.#session = { storage: settings.storage, dataDir };
  }

  /** Before the first call. Credentials of the store may be in it. */
  write(): void {
    if (this.#isWritten) return;
    this.#isWritten = true;
    makeFolders(this.#folder.path);
    writeFileSync(this.file, JSON.stringify(this.#session), { mode: 0o600 });
  }

  key(call: string, what: 'argument' | 'result'): string {
    return `${this.#prefix}${call}.${what}`;
  }

  log(name: string, call: number, attempt: number): string {
    return this.#folder.log(name.replace(/[^\w.-]/g, '_'), call, { attempt, speculative: false });
  }

  /** Puts a value on its way: at once when it is small. */
  send(value: unknown, key: string, where: string): Part | Promise<Part> {
    const bytes = serialised(value, where);
    return bytes.length <= INLINE_BYTES ? { inline: bytes } : this.#put(key, bytes);
  }

  async sendParts(parts: readonly Part[], key: string): Promise<Argument> {
    const bytes = parts.reduce((sum, part) => sum + ('inline' in part ? part.inline.length : 0), 0);
    if (bytes <= INLINE_BYTES) return { parts };
    return { partsKey: (await this.#put(key, serialise(parts, ''))).key };
  }

  async #put(key: string, bytes: Uint8Array): Promise<{ key: string }> {
    this.#hasObjects = true;
    await this.#store.put(key, bytes);
    return { key };
  }

  /** The value of a part that came back. */
  async read(part: Part): Promise<unknown> {
    return deserialise('inline' in part ? part.inline : await this.#store.get(part.key));
  }

  /** A call may have written its result to the store. */
  sawResult(part: Part): void {
    if ('key' in part) this.#hasObjects = true;
  }

  async remove(): Promise<void> {
    if (this.#hasObjects) await this.#store.deleteAll(this.#prefix);
    rmSync(this.file, { force: true });
  }
}

function serialised(value: unknown, where: string): Uint8Array {
  try {
    return serialise(value, where, 'its argument');
  } catch (error) {
    if (!(error instanceof WattloopError)) throw error;
    const remedy = 'Give data: numbers, text, objects, arrays, Maps, Sets, Dates, bytes';
    throw new WattloopError(error.code, error.message, { remedy, cause: error });
  }
}
