import { ErrorCode, type Logger, messageOf, WattloopError } from '../../../base/index.js';

/** What is written at once: a few milliseconds of work, so that ticks come in time. */
const CHUNK = 8_000;
const RETRY_MILLISECONDS = 1_000;

/** Items that come together, and can be cut. */
export interface Batch<Self> {
  readonly length: number;
  slice(from: number, to: number): Self;
}

export interface OutboxOptions<Items> {
  /** What is in it: for the log. */
  readonly name: string;
  /** Throws when it can't be written now. */
  readonly write: (items: Items) => void;
  /** More than this is not kept while nothing can be written: the oldest go. */
  readonly most: number;
  /** Items that are written at once. */
  readonly chunk?: number;
  readonly log: Logger;
}

/** What is to be written, and is written piece by piece beside everything else. What can't be written waits. */
export class Outbox<Items extends Batch<Items>> {
  readonly #options: OutboxOptions<Items>;
  readonly #batches: Items[] = [];
  /** Items of the first batch that are written. */
  #written = 0;
  #waiting = 0;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #failure: string | undefined;
  #lost = 0;

  constructor(options: OutboxOptions<Items>) {
    this.#options = options;
  }

  add(items: Items): void {
    if (items.length === 0) return;
    this.#batches.push(items);
    this.#waiting += items.length;
    const { most, name, log } = this.#options;
    const surplus = this.#waiting - most;
    if (surplus > 0) {
      if (this.#lost === 0) log.error(`more ${name} wait than are kept: the oldest are lost`, { most });
      this.#lost += surplus;
      for (let left = surplus; left > 0; ) left -= this.#pass(left);
    }
    this.#schedule();
  }

  /** Writes what waits, if it can be written: all, or no more than so many chunks where there is much. */
  flush(chunks = Number.POSITIVE_INFINITY): void {
    for (let chunk = 0; chunk < chunks && this.#waiting > 0; chunk++) if (!this.#writeSome()) return;
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
    const chunk = this.#batches[0]?.slice(this.#written, this.#written + size);
    if (chunk === undefined) return true;
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
    this.#pass(chunk.length);
    return true;
  }

  /** Goes on to what follows: so many items, or as many as the first batch has. Tells how many that were. */
  #pass(count: number): number {
    const passed = Math.min(count, (this.#batches[0]?.length ?? 0) - this.#written);
    this.#written += passed;
    this.#waiting -= passed;
    if (this.#written === this.#batches[0]?.length) {
      this.#batches.shift();
      this.#written = 0;
    }
    return passed;
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof WattloopError && error.code === ErrorCode.badInput;

/** Writes all, or one by one where some are refused: what can never be written must not hold up the others. */
function writeFit<Items extends Batch<Items>>(
  items: Items,
  write: (items: Items) => void,
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
    writeFit(items.slice(half, items.length), write, refused);
  }
}
