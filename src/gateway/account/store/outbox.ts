import { ErrorCode, type Logger, messageOf, WattloopError } from '../../../base/index.js';

/** What is written at once: a few milliseconds of work, so that ticks come in time. */
const CHUNK = 2_000;
const RETRY_MILLISECONDS = 1_000;

export interface OutboxOptions<T> {
  /** What is in it: for the log. */
  readonly name: string;
  /** Throws when it can't be written now. */
  readonly write: (items: readonly T[]) => void;
  /** More than this is not kept while nothing can be written: the oldest go. */
  readonly most: number;
  /** Items that are written at once. */
  readonly chunk?: number;
  readonly log: Logger;
}

/** What is to be written, and is written piece by piece beside everything else. What can't be written waits. */
export class Outbox<T> {
  readonly #options: OutboxOptions<T>;
  #items: T[] = [];
  /** Of these, how many are written. */
  #written = 0;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #failure: string | undefined;
  #lost = 0;

  constructor(options: OutboxOptions<T>) {
    this.#options = options;
  }

  add(items: readonly T[]): void {
    for (const item of items) this.#items.push(item);
    const { most, name, log } = this.#options;
    const surplus = this.#waiting - most;
    if (surplus > 0) {
      if (this.#lost === 0) log.error(`more ${name} wait than are kept: the oldest are lost`, { most });
      this.#written += surplus;
      this.#lost += surplus;
      this.#compact();
    }
    this.#schedule();
  }

  /** Writes what waits, if it can be written: all, or no more than so many chunks where there is much. */
  flush(chunks = Number.POSITIVE_INFINITY): void {
    for (let chunk = 0; chunk < chunks && this.#waiting > 0; chunk++) if (!this.#writeSome()) return;
  }

  get #waiting(): number {
    return this.#items.length - this.#written;
  }

  /** Undefined when nothing waits for want of a place, else what is wrong. */
  ailment(): string | undefined {
    if (this.#failure === undefined) return undefined;
    const { name } = this.#options;
    const lost = this.#lost === 0 ? '' : `, and ${this.#lost} are lost`;
    return `${this.#waiting} ${name} can't be written${lost}: ${this.#failure}`;
  }

  close(): void {
    this.flush();
    this.#cancel();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#waiting === 0) return;
    const next = (): void => {
      this.#timer = undefined;
      this.#writeSome();
      this.#schedule();
    };
    this.#timer =
      this.#failure === undefined ? setImmediate(next) : setTimeout(next, RETRY_MILLISECONDS).unref();
  }

  #cancel(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = undefined;
  }

  #writeSome(): boolean {
    const { write, name, log, chunk: size = CHUNK } = this.#options;
    const chunk = this.#items.slice(this.#written, this.#written + size);
    try {
      writeFit(chunk, write, (error) => {
        this.#lost++;
        log.error(`one of the ${name} is refused, and left out`, { error: messageOf(error) });
      });
    } catch (error) {
      const failure = messageOf(error);
      if (failure !== this.#failure) log.error(`${name} can't be written; they wait`, { error: failure });
      this.#failure = failure;
      return false;
    }
    if (this.#failure !== undefined) log.info(`${name} are written again`, { lost: this.#lost });
    this.#failure = undefined;
    this.#written += chunk.length;
    this.#compact();
    return true;
  }

  /** Now and then, as every time would be a copy of all that waits. */
  #compact(): void {
    if (this.#written * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#written);
    this.#written = 0;
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof WattloopError && error.code === ErrorCode.badInput;

/** Writes all, or one by one where some are refused: what can never be written must not hold up the others. */
function writeFit<T>(
  items: readonly T[],
  write: (items: readonly T[]) => void,
  refused: (error: unknown) => void,
): void {
  try {
    write(items);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (items.length === 1) {
      refused(error);
      return;
    }
    const half = items.length >> 1;
    writeFit(items.slice(0, half), write, refused);
    writeFit(items.slice(half), write, refused);
  }
}
