import { isatty } from 'node:tty';
import { type Clock, writeError } from '../base/index.js';

const STDERR = 2;
const WIDTH = 30;
/** Work that takes less is done before a bar would be of use. */
const PATIENCE_SECONDS = 0.5;
const BETWEEN_SECONDS = 0.1;

/** A bar on stderr that shows which part of the work is done, where a person looks on. */
export class ProgressBar {
  readonly #clock: Clock;
  readonly #what: string;
  readonly #shows: boolean;
  #next: number;
  #drawn = false;

  constructor(clock: Clock, what: string, quiet: boolean, terminal = isatty(STDERR)) {
    this.#clock = clock;
    this.#what = what;
    this.#shows = terminal && !quiet;
    this.#next = clock.now() + PATIENCE_SECONDS;
  }

  /** The part that is done: 0 to 1, and what else there is to tell. */
  show(part: number, note = ''): void {
    if (!this.#shows) return;
    const now = this.#clock.now();
    if (now < this.#next) return;
    this.#next = now + BETWEEN_SECONDS;
    this.#drawn = true;
    const full = Math.round(part * WIDTH);
    const percent = String(Math.floor(part * 100)).padStart(3);
    writeError(
      `\r${this.#what} [${'='.repeat(full)}${' '.repeat(WIDTH - full)}] ${percent} %${note === '' ? '' : `  ${note}\x1b[K`}`,
    );
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn) writeError('\r\x1b[K');
    this.#drawn = false;
  }
}
