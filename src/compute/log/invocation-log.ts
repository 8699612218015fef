import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../../base/index.js';

/** What one invocation prints, in a file that is made at the first write and kept up to a limit. */
export class InvocationLog {
  readonly path: string | undefined;
  readonly #limitBytes: number;
  #descriptor: number | undefined;
  #keptBytes = 0;
  #droppedBytes = 0;
  #isBroken = false;
  #isClosed = false;

  /** Without a path everything is dropped. */
  constructor(path: string | undefined, limitBytes: number) {
    this.path = path;
    this.#limitBytes = limitBytes;
  }

  /** True once something stands in the file. */
  get isWritten(): boolean {
    return this.#keptBytes > 0;
  }

  write(chunk: Uint8Array | string): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const room = Math.max(0, this.#limitBytes - this.#keptBytes);
    const kept = bytes.length <= room ? bytes : bytes.subarray(0, room);
    if (kept.length > 0 && !this.#append(kept)) this.#droppedBytes += kept.length;
    this.#droppedBytes += bytes.length - kept.length;
    if (this.#isClosed) this.#letGo();
  }

  /** Says how much is missing, and lets go of the file. What is written later opens it each time. */
  close(): void {
    this.#isClosed = true;
    if (this.#droppedBytes > 0 && this.#keptBytes > 0) {
      const line = `\n[wattloop] ${this.#droppedBytes} more bytes were printed and are not kept (workflow.log_limit_mib)\n`;
      this.#droppedBytes = 0;
      this.#append(Buffer.from(line));
    }
    this.#letGo();
  }

  #letGo(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** A full or missing disk costs the log, never the function that prints. */
  #append(bytes: Uint8Array): boolean {
    if (this.path === undefined || this.#isBroken) return false;
    try {
      if (this.#descriptor === undefined) {
        makeFolders(dirname(this.path));
        this.#descriptor = openSync(this.path, 'a');
      }
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
      this.#keptBytes += bytes.length;
      return true;
    } catch {
      this.#isBroken = true;
      return false;
    }
  }
}
