import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Call } from './call.js';
import { Notice } from './notice.js';

export interface DrawingLimits {
  /** How many calls may be open at once. */
  readonly open: number;
  /** How many may wait to be taken before no further item is drawn. */
  readonly ahead: number;
}

/**
 * The calls for items that an iterator gives: they are handed out once, and items are drawn as calls are taken, so that
 * there may be as many as one likes.
 */
export class DrawnCalls<T> {
  readonly all = undefined;
  readonly #waiting: Call<T>[] = [];
  readonly #running = new Set<Call<T>>();
  readonly #notice = new Notice();
  readonly #ended: Promise<void>;
  #isTaken = false;
  #isComplete = false;
  #isCancelled = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(calls: AsyncIterable<Call<T>>, limits: DrawingLimits) {
    this.#ended = this.#draw(calls, limits);
  }

  /** When the last item has been drawn. */
  ended(): Promise<void> {
    return this.#ended;
  }

  async #draw(calls: AsyncIterable<Call<T>>, { open, ahead }: DrawingLimits): Promise<void> {
    try {
      for await (const call of calls) {
        this.#add(call);
        if (this.#isCancelled) call.cancel();
        while (!this.#isCancelled && (this.#running.size >= open || this.#waiting.length >= ahead)) {
          await this.#notice.next();
        }
        if (this.#isCancelled) break;
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#isComplete = true;
    this.#notice.give();
  }

  #add(call: Call<T>): void {
    this.#waiting.push(call);
    this.#running.add(call);
    this.#notice.give();
    void call.settled().then(() => {
      this.#running.delete(call);
      this.#notice.give();
    });
  }

  async *calls(): AsyncGenerator<Call<T>, undefined> {
    if (this.#isTaken) {
      throw new WattloopError(
        ErrorCode.badUsage,
        'the futures for an iterator can be gone through only once',
        {
          remedy: 'Give map() a list, or keep the futures that you take',
        },
      );
    }
    this.#isTaken = true;
    while (true) {
      const call = this.#waiting.shift();
      if (call) {
        this.#notice.give();
        yield call;
      } else if (this.#isComplete) {
        if (this.#failure) throw this.#failure.error;
        return undefined;
      } else await this.#notice.next();
    }
  }

  cancel(): void {
    this.#isCancelled = true;
    for (const call of this.#running) call.cancel();
    this.#notice.give();
  }
}
