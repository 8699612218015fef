import { childrenClock } from './children-clock.js';

/**
 * Tells what each command used, from what this process waited for in all. Commands that end at the same moment, between two turns
 * of the event loop, can't be told apart: they share evenly.
 */
export class ChildrenLedger {
  readonly #clock: (() => number) | undefined;
  #accountedSeconds: number;
  #waiting: ((cpuSeconds: number) => void)[] = [];

  constructor(clock: (() => number) | undefined = childrenClock()) {
    this.#clock = clock;
    this.#accountedSeconds = clock?.() ?? 0;
  }

  /** To be called as soon as a command has ended; undefined where nobody tells. */
  async ended(): Promise<number | undefined> {
    const clock = this.#clock;
    if (clock === undefined) return undefined;
    return await new Promise<number>((resolve) => {
      this.#waiting.push(resolve);
      // All that ended in this turn have been waited for by then, and nothing else.
      if (this.#waiting.length === 1) setImmediate(() => this.#share(clock()));
    });
  }

  #share(seconds: number): void {
    const each = (seconds - this.#accountedSeconds) / this.#waiting.length;
    this.#accountedSeconds = seconds;
    for (const tell of this.#waiting.splice(0)) tell(each);
  }
}
