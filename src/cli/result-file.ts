import {
  appendFileSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ErrorCode, messageOf, WattloopError } from '../base/index.js';

const failed = (path: string, error: unknown, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.writeFailed, `could not write ${path}: ${messageOf(error)}`, {
    remedy,
    cause: error,
  });

/**
 * A file for a result. It is tried before the work, which may take hours, and has either its old content or all of the
 * new: the result is written beside it and takes its place. A device or a pipe is written as it is.
 */
export class ResultFile {
  readonly #path: string;
  /** The file beside it; undefined for what is no file of a disk. */
  readonly #draft: { readonly path: string; readonly descriptor: number } | undefined;

  /** `option` names the file on the command line. */
  constructor(path: string, option = '--output') {
    this.#path = path;
    let known: Stats | undefined;
    try {
      known = statSync(path, { throwIfNoEntry: false });
      if (known?.isDirectory()) throw new Error('it is a directory');
      if (known !== undefined && !known.isFile()) return;
      // A link stays a link: what it leads to is written.
      const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
      if (isLink) return;
      const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
      this.#draft = { path: draft, descriptor: openSync(draft, 'wx', (known?.mode ?? 0o666) & 0o777) };
    } catch (error) {
      throw failed(path, error, `Name a file in a folder that you may write to, with ${option}`);
    }
  }

  /** Writes it, or throws with the remedy and leaves what was there before. */
  save(text: string, remedy = 'The document is above, on stderr'): void {
    this.append(text, remedy);
    this.commit(remedy);
  }

  /** A piece of a result that is too large to be held whole; `commit` follows the last one. */
  append(piece: string | Uint8Array, remedy: string): void {
    this.#guarded(remedy, () => appendFileSync(this.#draft?.descriptor ?? this.#path, piece));
  }

  /** What was appended takes its place. */
  commit(remedy: string): void {
    const draft = this.#draft;
    if (draft === undefined) return;
    this.#guarded(remedy, () => {
      fsyncSync(draft.descriptor);
      renameSync(draft.path, this.#path);
    });
  }

  /** Leaves no draft behind. */
  close(): void {
    if (this.#draft === undefined) return;
    closeSync(this.#draft.descriptor);
    rmSync(this.#draft.path, { force: true });
  }

  #guarded(remedy: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      throw failed(this.#path, error, remedy);
    }
  }
}
