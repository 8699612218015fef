/** The machine's memory: who finds no room in it waits, first come first served. */
export class MemoryGate {
  #free: number;
  /** Who waits, and how much each needs; those before the head have entered. */
  #slots: number[] = [];
  #needs: number[] = [];
  #head = 0;

  constructor(mebibytes: number) {
    this.#free = mebibytes;
  }

  /** Whether it may enter at once; otherwise it waits. */
  tryEnter(slot: number, mebibytes: number): boolean {
    if (this.#head === this.#slots.length && mebibytes <= this.#free) {
      this.#free -= mebibytes;
      return true;
    }
    this.#slots.push(slot);
    this.#needs.push(mebibytes);
    return false;
  }

  leave(mebibytes: number): void {
    this.#free += mebibytes;
  }

  /** The next that waited and may enter now, if there is room for it. */
  admit(): number | undefined {
    const need = this.#needs[this.#head];
    const slot = this.#slots[this.#head];
    if (need === undefined || need > this.#free) return undefined;
    this.#free -= need;
    this.#head++;
    if (this.#head > 1024 && 2 * this.#head > this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#needs = this.#needs.slice(this.#head);
      this.#head = 0;
    }
    return slot;
  }
}
