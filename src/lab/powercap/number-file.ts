import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

export type Edit = { readonly write: string; readonly position: number } | { readonly truncate: number };

/**
 * How to change a file from a text of `oldLength` bytes to another number and a newline. After each edit, and for a
 * reader that learnt the size before it and the bytes after it, the file holds the old or the new number and perhaps more
 * newlines: while the length changes, newlines stand where digits are to come or were.
 */
export function editsTo(value: bigint, oldLength: number): Edit[] {
  const text = `${value}\n`;
  const edits: Edit[] = [];
  const grown = text.length - oldLength;
  if (grown > 0 && oldLength > 0) edits.push({ write: '\n'.repeat(grown), position: oldLength });
  edits.push({ write: text.padEnd(oldLength, '\n'), position: 0 });
  if (grown < 0) edits.push({ truncate: text.length });
  return edits;
}

/**
 * A number in a file that others hold open and read from its start at any time, as they do with sysfs. It is written in
 * place: a rename would leave those readers with the old inode. What can't be had without the kernel's help is a reader
 * that never meets the writer in the midst of copying its dozen bytes. Some one in a million writes is interrupted there,
 * for microseconds: at 50 ms a write about two such moments a day.
 */
export class NumberFile {
  readonly #descriptor: number;
  #length = 0;
  #closed = false;

  /** Makes the file, which must not exist: readable for everyone, writable for nobody else. */
  constructor(path: string, value: bigint) {
    this.#descriptor = openSync(path, 'wx', 0o444);
    this.write(value);
  }

  write(value: bigint): void {
    for (const edit of editsTo(value, this.#length)) {
      if ('write' in edit) writeSync(this.#descriptor, edit.write, edit.position, 'latin1');
      else ftruncateSync(this.#descriptor, edit.truncate);
    }
    this.#length = `${value}\n`.length;
  }

  close(): void {
    if (!this.#closed) closeSync(this.#descriptor);
    this.#closed = true;
  }
}
