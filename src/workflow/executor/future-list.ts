import type { Call } from './call.js';
import type { DrawnCalls } from './drawn-calls.js';
import type { Future } from './future.js';
import type { ListedCalls } from './listed-calls.js';

/**
 * The futures of `map`, in the order of its items. Those for a list can be gone through again and again; those for an
 * iterator are handed out once, so that it may be as long as it likes.
 */
export class FutureList<T> implements AsyncIterable<Future<T>> {
  readonly #source: ListedCalls<T> | DrawnCalls<T>;

  constructor(source: ListedCalls<T> | DrawnCalls<T>) {
    this.#source = source;
  }

  /** All futures, where the items came in a list. */
  get all(): readonly Future<T>[] | undefined {
    return this.#source.all;
  }

  [Symbol.asyncIterator](): AsyncIterator<Future<T>, undefined> {
    return this.#source.calls();
  }

  /** What stands behind the futures: the results as they lie. */
  calls(): AsyncIterable<Call<T>> {
    return this.#source.calls();
  }

  /** The results in order, each as soon as it and those before it are there. */
  async *results(): AsyncGenerator<T, undefined> {
    for await (const future of this) yield await future.result();
    return undefined;
  }

  /** Ends all calls that have not ended; no further items are drawn. */
  cancel(): void {
    this.#source.cancel();
  }
}
