import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../../base/index.js';

/**
 * What one replica prints. The last of it counts in a process that runs for long: when the file is half as large as it may be, it
 * becomes `FILE.1` in the place of the one before, and a new one begins.
 */
export class ReplicaLog {
  readonly #path: string;
  readonly #halfBytes: number;
  #descriptor: number | undefined;
  #writtenBytes = 0;
  #isBroken = false;

  constructor(path: string, limitBytes: number) {
    this.#path = path;
    this.#halfBytes = Math.max(1, Math.floor(limitBytes / 2));
  }

  write(chunk: Uint8Array): void {
    if (this.#isBroken) return;
    try {
      for (let from = 0; from < chunk.length; ) {
        if (this.#writtenBytes >= this.#halfBytes) this.#turn();
        const end = Math.min(chunk.length, from + this.#halfBytes - this.#writtenBytes);
        this.#append(chunk.subarray(from, end));
        from = end;
      }
    } catch {
      // A full or missing disk costs the log, never the function that prints.
      this.#isBroken = true;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#isBroken = true;
  }

  #append(bytes: Uint8Array): void {
    if (this.#descriptor === undefined) {
      makeFolders(dirname(this.#path));
      this.#descriptor = openSync(this.#path, 'a', 0o600);
    }
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    this.#writtenBytes += bytes.length;
  }

  #turn(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    renameSync(this.#path, `${this.#path}.1`);
    this.#writtenBytes = 0;
  }
}
