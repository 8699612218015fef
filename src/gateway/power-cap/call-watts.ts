import { moments } from '../../maths/index.js';
import type { FunctionPower } from '../account/account.js';

/** What one call of each function adds to the machine's power, as far as that is known. */
export class CallWatts {
  readonly #known = new Map<string, number>();
  #unknown: number;

  constructor(firstCallWatts: number) {
    this.#unknown = firstCallWatts;
  }

  of(name: string): number {
    return this.#known.get(name) ?? this.#unknown;
  }

  /** Functions that are not told any more keep what they had: they may be back. */
  learn(functions: readonly FunctionPower[]): void {
    if (functions.length === 0) return;
    for (const { function: name, wattsPerCall } of functions)
      if (Number.isFinite(wattsPerCall)) this.#known.set(name, Math.max(0, wattsPerCall));
    if (this.#known.size === 0) return;
    // A function that nobody knows is taken for one that draws more than most do.
    const { mean, deviation } = moments([...this.#known.values()]);
    this.#unknown = mean + (this.#known.size > 1 ? deviation : 0);
  }
}
