import { type Clock, ErrorCode, WattloopError } from '../../base/index.js';

/** Services publish late; an answer whose time is over already is asked again after this long, not at once. */
const LEAST_SECONDS = 60;
/** A token that was refused or a zone that is unknown stays so for a while: lest a service be asked in vain each time. */
const REFUSED_SECONDS = 300;
const MOST_ENTRIES = 32;

const LASTING: ReadonlySet<ErrorCode> = new Set([ErrorCode.permissionDenied, ErrorCode.notFound]);

interface Entry<T> {
  readonly answer: Promise<T>;
  /** Seconds since 1970; Infinity while the answer is on its way. */
  until: number;
}

/** Keeps answers for as long as they hold, and lets those who ask for the same at once wait for one request. */
export class AnswerCache<T> {
  readonly #clock: Clock;
  readonly #validUntil: (answer: T) => number;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Clock, validUntil: (answer: T) => number) {
    this.#clock = clock;
    this.#validUntil = validUntil;
  }

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const kept = this.#entries.get(key);
    if (kept && this.#clock.wall() < kept.until) return kept.answer;
    const entry: Entry<T> = { answer: ask(), until: Number.POSITIVE_INFINITY };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MOST_ENTRIES) break;
      this.#entries.delete(oldest);
    }
    entry.answer.then(
      (answer) => {
        entry.until = Math.max(this.#validUntil(answer), this.#clock.wall() + LEAST_SECONDS);
      },
      (error: unknown) => {
        const lasts = error instanceof WattloopError && LASTING.has(error.code);
        entry.until = lasts ? this.#clock.wall() + REFUSED_SECONDS : 0;
      },
    );
    return entry.answer;
  }
}
