import type { FunctionWindowAccount } from '../../../footprint/index.js';
import type { FunctionPower } from '../account.js';

/** Functions that are remembered; those that ran longest ago give way. */
const MOST = 10_000;

/** What calls are expected to take, by function, as it was last known. */
export class Forecasts {
  /** The longest silent first. */
  readonly #known = new Map<string, FunctionPower>();
  #list: readonly FunctionPower[] = [];

  /** The same list until the next update. */
  get list(): readonly FunctionPower[] {
    return this.#list;
  }

  take(functions: readonly FunctionWindowAccount[]): void {
    for (const each of functions) {
      const { function: name, wattsPerCall, standardError, joulesPerCall, meanSeconds } = each;
      if (joulesPerCall === undefined || meanSeconds === undefined) continue;
      this.#known.delete(name);
      this.#known.set(name, {
        function: name,
        wattsPerCall,
        ...(standardError !== undefined && Number.isFinite(standardError) && { standardError }),
        joulesPerCall,
        meanSeconds,
      });
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      this.#known.delete(oldest);
    }
    this.#list = [...this.#known.values()];
  }
}
