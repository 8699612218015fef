import type { Call } from './call.js';

/** The calls for the items of a list: all are there from the beginning, so many of them are open at once. */
export class ListedCalls<T> {
  readonly all: readonly Call<T>[];
  readonly #launch: (call: Call<T>) => void;
  readonly #most: number;
  #next = 0;
  #open = 0;

  constructor(all: readonly Call<T>[], launch: (call: Call<T>) => void, most: number) {
    this.all = all;
    this.#launch = launch;
    this.#most = most;
    this.#pump();
  }

  /** When every call has ended. */
  async ended(): Promise<void> {
    for (const call of this.all) await call.settled();
  }

  async *calls(): AsyncGenerator<Call<T>, undefined> {
    yield* this.all;
    return undefined;
  }

  cancel(): void {
    for (const call of this.all) call.cancel();
  }

  #pump(): void {
    while (this.#open < this.#most && this.#next < this.all.length) {
      const call = this.all[this.#next++];
      // It may have been cancelled before its turn.
      if (!call || call.isSettled) continue;
      this.#open++;
      this.#launch(call);
      void call.settled().then(() => {
        this.#open--;
        this.#pump();
      });
    }
  }
}
