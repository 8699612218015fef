/** An integer counter since it was first seen: only grows, whatever the kernel's does (version 1 lets root set it to 0). */
export class Cumulative {
  #last: bigint | undefined;
  #sum = 0n;

  /** With `before`, counts from there; without, from the first value taken. */
  constructor(before?: bigint) {
    this.#last = before;
  }

  take(raw: bigint): void {
    if (this.#last !== undefined && raw > this.#last) this.#sum += raw - this.#last;
    this.#last = raw;
  }

  get sum(): number {
    return Number(this.#sum);
  }
}
