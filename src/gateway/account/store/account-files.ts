import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Logger, makeFolders, messageOf, systemCode } from '../../../base/index.js';

const SUMS = 'account-sums.json';
const MODEL = 'account-model.json';

/**
 * What an account goes on from: what functions' counters stand at, and what is known of their power. Written whole or not
 * at all; what can't be read is left where it is, and the account begins without it.
 */
export class AccountFiles {
  readonly #folder: string;
  readonly #log: Logger;
  #failure: string | undefined;

  constructor(folder: string, log: Logger) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Undefined where there is nothing, or nothing that can be read. */
  readSums(): unknown {
    return this.#read(SUMS);
  }

  readModel(): unknown {
    return this.#read(MODEL);
  }

  writeSums(sums: unknown): void {
    this.#write(SUMS, sums);
  }

  writeModel(model: unknown): void {
    this.#write(MODEL, model);
  }

  ailment(): string | undefined {
    return this.#failure;
  }

  #read(name: string): unknown {
    const path = join(this.#folder, name);
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT')
        this.#log.warn('the account begins anew', { file: path, error: messageOf(error) });
      return undefined;
    }
  }

  #write(name: string, value: unknown): void {
    const path = join(this.#folder, name);
    const draft = `${path}.${process.pid}.new`;
    try {
      makeFolders(this.#folder);
      writeFileSync(draft, JSON.stringify(value));
      renameSync(draft, path);
      this.#failure = undefined;
    } catch (error) {
      const failure = `${path} can't be written: ${messageOf(error)}`;
      if (failure !== this.#failure) this.#log.error(failure);
      this.#failure = failure;
    }
  }
}
