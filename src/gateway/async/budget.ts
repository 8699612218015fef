/** Bytes that may be on disk at once. */
export class Budget {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): number {
    return this.#taken;
  }

  /** False when there is no room for so many. */
  take(bytes: number): boolean {
    if (this.#taken + bytes > this.#most) return false;
    this.#taken += bytes;
    return true;
  }

  /** What is on disk already counts, also beyond the limit. */
  add(bytes: number): void {
    this.#taken += bytes;
  }

  give(bytes: number): void {
    this.#taken = Math.max(0, this.#taken - bytes);
  }
}
