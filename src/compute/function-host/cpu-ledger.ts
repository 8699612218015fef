const MICRO = 1e-6;

/**
 * Shares CPU time among the calls under way: evenly, from one start or end of a call to the next. What calls are told therefore
 * never adds up to more than was used, and a call that is alone is told exactly what it used.
 */
export class CpuLedger {
  readonly #clockMicroseconds: () => number;
  #lastMicroseconds: number;
  /** What a call would have been given so far that had been under way all the time. */
  #shareMicroseconds = 0;
  #underWay = 0;

  /** The clock tells CPU microseconds so far. */
  constructor(clockMicroseconds: () => number) {
    this.#clockMicroseconds = clockMicroseconds;
    this.#lastMicroseconds = clockMicroseconds();
  }

  /** A call begins: what is returned is to be given to `end`. */
  begin(): number {
    this.#settle();
    this.#underWay++;
    return this.#shareMicroseconds;
  }

  /** CPU seconds of a call that ends now. */
  end(mark: number): number {
    this.#settle();
    this.#underWay--;
    return (this.#shareMicroseconds - mark) * MICRO;
  }

  #settle(): void {
    const now = this.#clockMicroseconds();
    if (this.#underWay > 0) this.#shareMicroseconds += (now - this.#lastMicroseconds) / this.#underWay;
    this.#lastMicroseconds = now;
  }
}
