import { childrenClock } from '../children-clock.js';

const MICRO = 1e-6;

/**
 * Tells what each command used, from what this process waited for in all. Commands that end at the same moment, between two turns
 * of the event loop, can't be told apart: they share evenly.
 */
export class ChildrenLedger {
  readonly #clockMicroseconds: (() => number) | undefined;
  #accountedMicroseconds: number;
  #waiting: ((cpuSeconds: number) => void)[] = [];

  constructor(clockMicroseconds: (() => number) | undefined = childrenClock()) {
    this.#clockMicroseconds = clockMicroseconds;
    this.#accountedMicroseconds = clockMicroseconds?.() ?? 0;
  }

  /** To be called as soon as a command has ended; undefined where nobody tells. */
  async ended(): Promise<number | undefined> {
    const clock = this.#clockMicroseconds;
    if (clock === undefined) return undefined;
    return await new Promise<number>((resolve) => {
      this.#waiting.push(resolve);
      // All that ended in this turn have been waited for by then, and nothing else.
      if (this.#waiting.length === 1) setImmediate(() => this.#share(clock()));
    });
  }

  #share(microseconds: number): void {
    const each = ((microseconds - this.#accountedMicroseconds) * MICRO) / this.#waiting.length;
    this.#accountedMicroseconds = microseconds;
    for (const tell of this.#waiting.splice(0)) tell(each);
  }
}
