import type { ReadStream, WriteStream } from 'node:tty';
import { inAscii, showsUnicode } from '../../report/index.js';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

export interface ScreenEvents {
  onInput(text: string): void;
  onResize(): void;
  /** The terminal went away: a connection was cut, a window closed. */
  onGone(): void;
}

/** The alternate screen of a terminal and its keys; leaves the terminal as it was. */
export class Screen {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #events: ScreenEvents;
  readonly #write: (text: string) => string;

  constructor(
    input: ReadStream,
    output: WriteStream,
    env: Readonly<Record<string, string | undefined>>,
    events: ScreenEvents,
  ) {
    this.#input = input;
    this.#output = output;
    this.#events = events;
    this.#write = showsUnicode(env) ? (text) => text : inAscii;
    input.setRawMode(true).setEncoding('utf8');
    input.on('data', events.onInput).on('end', events.onGone).on('error', events.onGone).resume();
    output.on('resize', events.onResize).on('error', events.onGone);
    output.write(ENTER);
  }

  get width(): number {
    return this.#output.columns || 80;
  }

  get height(): number {
    return this.#output.rows || 24;
  }

  draw(lines: readonly string[]): void {
    const text = lines.map((line) => this.#write(line).slice(0, this.width) + CLEAR_LINE).join('\r\n');
    this.#output.write(HOME + text + CLEAR_BELOW);
  }

  close(): void {
    const { onInput, onGone, onResize } = this.#events;
    this.#output.off('resize', onResize).write(LEAVE);
    this.#input.off('data', onInput).off('end', onGone);
    try {
      this.#input.setRawMode(false);
    } catch {
      // The terminal is gone: there is nothing to put back.
    }
    this.#input.pause();
  }
}
