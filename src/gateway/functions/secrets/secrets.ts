import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  ErrorCode,
  listIfAny,
  makeFolders,
  messageOf,
  systemCode,
  WattloopError,
} from '../../../base/index.js';
import type { Settings } from '../../../model/index.js';
import { removeDurably, removeUnfinished, writeDurably } from '../durable-file.js';
import { refusedInput } from '../spec/misdescribed.js';
import { isSecretName, SECRET_NAME_FORM } from '../spec/secret-name.js';

/** As much as Kubernetes takes. */
const LARGEST_BYTES = 2 ** 20;

/** Secrets of functions: a file each, in a folder that nobody else may read. What they hold is told to replicas alone. */
export class Secrets {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** A folder that was named stays as it is; ours is for us alone. */
  static open(settings: Settings): Secrets {
    const named = settings.gateway.secrets;
    const folder = resolve(named ?? join(settings.data_dir, 'gateway', 'secrets'));
    try {
      makeFolders(folder);
      if (named === undefined) chmodSync(folder, 0o700);
      removeUnfinished(folder);
    } catch (error) {
      throw new WattloopError(
        ErrorCode.writeFailed,
        `the folder of secrets can't be made: ${messageOf(error)}`,
        {
          remedy: 'Name another with gateway.secrets',
          cause: error,
        },
      );
    }
    return new Secrets(folder);
  }

  /** Names, in order. */
  list(): string[] {
    return listIfAny(this.folder).filter((name) => isSecretName(name) && this.has(name));
  }

  has(name: string): boolean {
    if (!isSecretName(name)) return false;
    return statSync(join(this.folder, name), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  /** Refuses names of which there is no secret. */
  check(names: readonly string[]): void {
    const missing = names.filter((name) => !this.has(name));
    if (missing.length > 0) throw this.#missing(missing);
  }

  /** Throws where one is missing or can't be read. */
  read(names: readonly string[]): Record<string, string> {
    const found: Record<string, string> = {};
    for (const name of names) {
      if (!isSecretName(name)) throw badName(name);
      try {
        found[name] = readFileSync(join(this.folder, name), 'utf8');
      } catch (error) {
        if (systemCode(error) === 'ENOENT') throw this.#missing([name]);
        throw new WattloopError(ErrorCode.badInput, `secret "${name}" can't be read: ${messageOf(error)}`, {
          remedy: `Make ${join(this.folder, name)} a file that this user may read`,
          cause: error,
        });
      }
    }
    return found;
  }

  async put(name: string, value: string | Uint8Array): Promise<void> {
    if (!isSecretName(name)) throw badName(name);
    const bytes = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
    if (bytes > LARGEST_BYTES) {
      throw refusedInput(`secret "${name}" has ${bytes} bytes, and ${LARGEST_BYTES} are allowed`);
    }
    await writeDurably(join(this.folder, name), value, { mode: 0o600 });
  }

  /** False where there was none. */
  async remove(name: string): Promise<boolean> {
    if (!isSecretName(name)) throw badName(name);
    if (!this.has(name)) return false;
    await removeDurably(join(this.folder, name));
    return true;
  }

  #missing(names: readonly string[]): WattloopError {
    const [first = ''] = names;
    const which = names.map((name) => `"${name}"`).join(', ');
    return new WattloopError(
      ErrorCode.badInput,
      names.length === 1 ? `there is no secret ${which}` : `there are no secrets ${which}`,
      { remedy: `Write it to ${join(this.folder, first)}, or POST it to /system/secrets` },
    );
  }
}

const badName = (name: string): WattloopError =>
  refusedInput(`${JSON.stringify(name.slice(0, 80))} is no name of a secret`, SECRET_NAME_FORM);
