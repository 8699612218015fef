import { type Logger, messageOf } from '../../../base/index.js';

/** Whom to tell. One that fails does not keep the others from being told. */
export class Listeners<T> {
  readonly #log: Logger;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(log: Logger) {
    this.#log = log;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Returns what ends it. The same function may be added more than once. */
  add(listener: (value: T) => void): () => void {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  tell(value: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#log.error('a listener of the account failed', { error: messageOf(error) });
      }
    }
  }
}
