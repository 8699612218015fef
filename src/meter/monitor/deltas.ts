/**
 * Turns cumulative CPU seconds by principal into what each used since the last call. A figure that fell is a principal
 * that began anew under the same key: what it shows is what it used since.
 */
export class UsageDeltas {
  #before: Map<string, number> | undefined;

  /** The first call only sets the start: nobody has used anything yet. */
  advance(cumulative: Iterable<readonly [string, number]>): Map<string, number> {
    const now = new Map<string, number>();
    for (const [key, seconds] of cumulative) now.set(key, (now.get(key) ?? 0) + seconds);
    const used = new Map<string, number>();
    if (this.#before !== undefined) {
      for (const [key, seconds] of now) {
        const before = this.#before.get(key) ?? 0;
        used.set(key, seconds >= before ? seconds - before : seconds);
      }
    }
    this.#before = now;
    return used;
  }
}
