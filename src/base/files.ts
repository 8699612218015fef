import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../errors/index.js';

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

/**
 * Makes a folder and those above it where they are missing. Not mkdir's own "recursive": where no folder can be made, as in
 * /proc, that never comes back.
 */
export function makeFolders(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = systemCode(error);
    // Others may make the same at the same time.
    if (code === 'EEXIST') return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path || !canHold(parent)) throw error;
    makeFolders(path);
  }
}

/** Makes the folder above; false where it is there, and yet nothing can be made in it. */
function canHold(parent: string): boolean {
  if (existsSync(parent)) return false;
  makeFolders(parent);
  return true;
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
