import { join } from 'node:path';
import { listIfAny, messageOf } from '../../../base/index.js';
import { removeDurably, removeUnfinished, writeDurably } from '../durable-file.js';
import { isFunctionName } from '../spec/name.js';
import { type FunctionRecord, readRecord, recordText } from './function-record.js';

const ENDING = '.json';

export type ReadRecord =
  | { readonly name: string; readonly record: FunctionRecord; readonly problem?: undefined }
  | { readonly name: string; readonly record?: undefined; readonly problem: string };

/** Functions on disk: a file each, in one folder. */
export class RecordFolder {
  readonly #folder: string;
  readonly #buildsOf: (name: string) => string;

  constructor(folder: string, buildsOf: (name: string) => string) {
    this.#folder = folder;
    this.#buildsOf = buildsOf;
  }

  /** All that are there, also those that can't be understood. */
  read(): ReadRecord[] {
    removeUnfinished(this.#folder);
    const names = listIfAny(this.#folder)
      .filter((file) => file.endsWith(ENDING))
      .map((file) => file.slice(0, -ENDING.length))
      .filter(isFunctionName);
    return names.map((name) => {
      try {
        return { name, record: readRecord(this.#pathOf(name), this.#buildsOf) };
      } catch (error) {
        return {
          name,
          problem: `${this.#pathOf(name)} can't be read: ${messageOf(error)}. Deploy it again, or remove the file`,
        };
      }
    });
  }

  /** What folders describe can be read again: it need not outlive a failure of power. */
  write(record: FunctionRecord): Promise<void> {
    const { name } = record.deployed.spec;
    const options = { mode: 0o600, synced: record.origin === 'api' };
    return writeDurably(this.#pathOf(name), recordText(record), options);
  }

  remove(name: string): Promise<void> {
    return removeDurably(this.#pathOf(name));
  }

  #pathOf(name: string): string {
    return join(this.#folder, name + ENDING);
  }
}
