import { KernelFile, systemCode } from '../../base/index.js';

/** A kernel file that may not be there or may be denied: opened at the first reading, kept open, absent from when it fails. */
export class KeptFile {
  readonly #path: string;
  #file: KernelFile | undefined;
  #failed = false;
  #denied = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Refused for want of rights, not for want of a file. */
  get denied(): boolean {
    return this.#denied;
  }

  text(): string | undefined {
    if (this.#failed) return undefined;
    try {
      this.#file ??= new KernelFile(this.#path, 2048);
      return this.#file.text();
    } catch (error) {
      this.#failed = true;
      this.#denied = ['EACCES', 'EPERM'].includes(systemCode(error) ?? '');
      this.close();
      return undefined;
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
