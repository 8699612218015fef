import { closeSync, openSync } from 'node:fs';
import { type Host, KernelFile, systemCode } from '../base/index.js';

const REOPEN_SECONDS = 1;

/** Why a file can't be read by this process (`EACCES`, `ENOENT`…), or undefined when it can. */
export function unreadable(path: string): string | undefined {
  try {
    // Opened, not asked by access(2): that answers for the real user, and knows nothing of security modules.
    closeSync(openSync(path, 'r'));
    return undefined;
  } catch (error) {
    return systemCode(error) ?? 'error';
  }
}

/**
 * An integer in a sysfs file that is read again and again. A file that goes away (a driver unloaded, a card pulled) gives
 * undefined and is tried again each second; each new trouble is logged once, not at every reading.
 */
export class SysfsNumber {
  readonly path: string;
  readonly #host: Host;
  /** Asked each time the file is opened: false when its path belongs to another device by now. */
  readonly #same: () => boolean;
  #file: KernelFile | undefined;
  #retryAt = Number.NEGATIVE_INFINITY;
  #trouble: string | undefined;

  constructor(host: Host, path: string, same: () => boolean = () => true) {
    this.#host = host;
    this.path = path;
    this.#same = same;
  }

  read(): bigint | undefined {
    const at = this.#host.clock.now();
    if (this.#file === undefined && at < this.#retryAt) return undefined;
    try {
      if (this.#file === undefined && !this.#same())
        return this.#leave(at, 'another device has taken its place');
      this.#file ??= new KernelFile(this.path);
      const text = this.#file.text().trim();
      if (!/^-?\d+$/.test(text)) return this.#complain(`not a number: ${JSON.stringify(text.slice(0, 40))}`);
      this.#trouble = undefined;
      return BigInt(text);
    } catch (error) {
      return this.#leave(at, systemCode(error) ?? 'cannot be read');
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #leave(at: number, why: string): undefined {
    this.close();
    this.#retryAt = at + REOPEN_SECONDS;
    return this.#complain(why);
  }

  #complain(why: string): undefined {
    if (this.#trouble !== why) this.#host.log.warn('sensor left out', { path: this.path, why });
    this.#trouble = why;
    return undefined;
  }
}
