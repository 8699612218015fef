const MICRO = 1e-6;

/**
 * Shares this process's CPU time among the calls under way: evenly, from one start or end of a call to the next. What calls
 * are told therefore never adds up to more than the process used, and a call that is alone is told exactly what it used.
 */
export class CpuLedger {
  readonly #clockMicroseconds: () => number;
  #lastMicroseconds: number;
  /** What a call would have been given so far that had been under way all the time. */
  #shareMicroseconds = 0;
  #underWay = 0;

  constructor(clockMicroseconds: () => number = ownMicroseconds) {
    this.#clockMicroseconds = clockMicroseconds;
    this.#lastMicroseconds = clockMicroseconds();
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** A call begins: what is returned is to be given to `soFar` and `end`. */
  begin(): number {
    this.#settle();
    this.#underWay++;
    return this.#shareMicroseconds;
  }

  /** CPU seconds of a call under way, until now. */
  soFar(mark: number): number {
    this.#settle();
    return (this.#shareMicroseconds - mark) * MICRO;
  }

  end(mark: number): number {
    const seconds = this.soFar(mark);
    this.#underWay--;
    return seconds;
  }

  #settle(): void {
    const now = this.#clockMicroseconds();
    if (this.#underWay > 0) this.#shareMicroseconds += (now - this.#lastMicroseconds) / this.#underWay;
    this.#lastMicroseconds = now;
  }
}

/** CPU time of this process with all its threads. */
function ownMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
