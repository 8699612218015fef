/** Containers of a function that are warm and free. */
export class WarmPool {
  readonly #keepAliveSeconds: number;
  #freeSince: number[] = [];

  constructor(keepAliveSeconds: number) {
    this.#keepAliveSeconds = keepAliveSeconds;
  }

  /** Whether there was one: the one that was used last, as platforms do it. */
  take(time: number): boolean {
    const since = this.#freeSince.pop();
    if (since === undefined) return false;
    if (time - since <= this.#keepAliveSeconds) return true;
    // All others have been free for longer.
    this.#freeSince = [];
    return false;
  }

  put(time: number): void {
    this.#freeSince.push(time);
  }
}
