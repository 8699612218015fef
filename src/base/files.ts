import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** The text of a small file without the final newline, or undefined when it can't be read. */
export function readTextIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\n$/, '');
  } catch {
    return undefined;
  }
}

/** The names in a folder, sorted, or none when it can't be read. */
export function listIfAny(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

/** A kernel file that is read again and again: opened once, read from its start each time, without allocating. */
export class KernelFile {
  readonly path: string;
  #descriptor: number | undefined;
  #buffer: Buffer;

  /** Throws the system's error (ENOENT, EACCES…) when the file can't be opened. */
  constructor(path: string, size = 64) {
    this.path = path;
    this.#descriptor = openSync(path, 'r');
    this.#buffer = Buffer.allocUnsafe(size);
  }

  /** The bytes as they are now; valid until the next read. */
  bytes(): Buffer {
    if (this.#descriptor === undefined) throw new Error(`${this.path} is closed`);
    for (;;) {
      // A read that fills the buffer may have been cut short: grow and read again.
      const length = readSync(this.#descriptor, this.#buffer, 0, this.#buffer.length, 0);
      if (length < this.#buffer.length) return this.#buffer.subarray(0, length);
      this.#buffer = Buffer.allocUnsafe(this.#buffer.length * 2);
    }
  }

  text(): string {
    return this.bytes().toString('latin1');
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
