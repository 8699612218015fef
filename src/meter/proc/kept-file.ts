import { KernelFile } from '../../base/index.js';

/** A kernel file that may not be there or may be denied: opened at the first reading, kept open, absent from when it fails. */
export class KeptFile {
  readonly #path: string;
  #file: KernelFile | undefined;
  #failed = false;

  constructor(path: string) {
    this.#path = path;
  }

  text(): string | undefined {
    if (this.#failed) return undefined;
    try {
      this.#file ??= new KernelFile(this.#path, 2048);
      return this.#file.text();
    } catch {
      this.#failed = true;
      this.close();
      return undefined;
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
