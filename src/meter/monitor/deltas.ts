/** More than any source remembers of its own, so that what comes back with its old figure is known here too. */
const REMEMBERED = 8192;

/**
 * Turns cumulative CPU seconds into what was used since the last call. A figure that fell is one that began anew under the
 * same key: what it shows is what was used since. What is missing for a while and comes back goes on from its last figure.
 */
export class UsageDeltas {
  #before: Map<string, number> | undefined;
  /** Last figures of those that are away, longest away first. */
  readonly #away = new Map<string, number>();

  /** The first call only sets the start: nobody has used anything yet. */
  advance(cumulative: Iterable<readonly [string, number]>): Map<string, number> {
    const now = new Map<string, number>();
    for (const [key, seconds] of cumulative) now.set(key, (now.get(key) ?? 0) + seconds);
    const used = new Map<string, number>();
    if (this.#before !== undefined) {
      for (const [key, seconds] of now) {
        const before = this.#before.get(key) ?? this.#away.get(key) ?? 0;
        used.set(key, seconds >= before ? seconds - before : seconds);
      }
      this.#keepAway(this.#before, now);
    }
    this.#before = now;
    return used;
  }

  #keepAway(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): void {
    for (const key of now.keys()) if (!before.has(key)) this.#away.delete(key);
    for (const [key, seconds] of before) if (!now.has(key)) this.#away.set(key, seconds);
    for (const oldest of this.#away.keys()) {
      if (this.#away.size <= REMEMBERED) break;
      this.#away.delete(oldest);
    }
  }
}
