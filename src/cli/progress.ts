import { isatty } from 'node:tty';
import { writeError } from '../base/index.js';

const STDERR = 2;
const CELLS = 24;
/** Carriage return, and erase to the end of the line. */
const WIPE = '\r\u001b[K';

/** How far work has come, as one line on stderr; nothing where that is no terminal. It leaves no trace when it ends. */
export class Progress {
  readonly #isShown: boolean;
  #last = '';

  constructor(isWanted: boolean) {
    this.#isShown = isWanted && isatty(STDERR);
  }

  /** What is being done, and how much of it is, as far as that can be told. */
  show(what: string, done?: number, total?: number): void {
    if (!this.#isShown) return;
    const line = progressLine(what, done, total);
    if (line === this.#last) return;
    this.#last = line;
    writeError(WIPE + line);
  }

  end(): void {
    if (this.#last !== '') writeError(WIPE);
    this.#last = '';
  }
}

/** One line: what, a bar, percent. */
export function progressLine(what: string, done?: number, total?: number): string {
  if (done === undefined || total === undefined || !(total > 0)) return `${what}…`;
  const part = Math.min(1, Math.max(0, done / total));
  const full = Math.floor(part * CELLS);
  return `${what} [${'#'.repeat(full)}${'.'.repeat(CELLS - full)}] ${Math.floor(part * 100)} %`;
}
