import type { FootprintWindow } from '../../../model/index.js';

/** All that a function was ever given. */
export interface FunctionSum {
  individualJoules: number;
  controlPlaneJoules: number;
  idleJoules: number;
  operationalGrams: number;
  /** Absent until something of it was known. */
  embodiedGrams?: number;
  /** Seconds since 1970 at which it began to count. */
  readonly since: number;
}

export interface SavedSums {
  readonly measuredJoules: number;
  readonly unattributedJoules: number;
  readonly endedJoules: number;
  readonly since: number;
  readonly functions: Readonly<Record<string, FunctionSum>>;
}

/** Functions that are listed at most. */
const MOST = 10_000;

/** What windows add up to: they only grow, and go on over a restart. `measured` is unattributed, ended and all functions' own. */
export class FunctionSums {
  readonly #functions = new Map<string, FunctionSum>();
  readonly #since: number;
  #measured: number;
  #unattributed: number;
  /** Of functions that are not listed any more. */
  #ended: number;
  /** Own power over the last window. */
  #watts = new Map<string, number>();

  constructor(now: number, saved?: SavedSums) {
    this.#since = saved?.since ?? now;
    this.#measured = saved?.measuredJoules ?? 0;
    this.#unattributed = saved?.unattributedJoules ?? 0;
    this.#ended = saved?.endedJoules ?? 0;
    for (const [name, sum] of Object.entries(saved?.functions ?? {})) this.#functions.set(name, { ...sum });
  }

  get since(): number {
    return this.#since;
  }

  get measuredJoules(): number {
    return this.#measured;
  }

  get unattributedJoules(): number {
    return this.#unattributed;
  }

  get endedJoules(): number {
    return this.#ended;
  }

  get functions(): ReadonlyMap<string, Readonly<FunctionSum>> {
    return this.#functions;
  }

  /** Own watts of the functions that had any in the last window. */
  get watts(): ReadonlyMap<string, number> {
    return this.#watts;
  }

  add(window: FootprintWindow): void {
    const seconds = window.to - window.from;
    this.#watts = new Map();
    for (const each of window.functions) {
      const sum = this.#functions.get(each.function) ?? {
        individualJoules: 0,
        controlPlaneJoules: 0,
        idleJoules: 0,
        operationalGrams: 0,
        since: window.from,
      };
      sum.individualJoules += grown(each.individualJoules);
      sum.controlPlaneJoules += grown(each.controlPlaneJoules);
      sum.idleJoules += grown(each.idleJoules);
      sum.operationalGrams += grown(each.operationalGrams);
      if (each.embodiedGrams !== undefined)
        sum.embodiedGrams = (sum.embodiedGrams ?? 0) + grown(each.embodiedGrams);
      // The latest stand last.
      this.#functions.delete(each.function);
      this.#functions.set(each.function, sum);
      if (seconds > 0) this.#watts.set(each.function, grown(each.individualJoules) / seconds);
    }
    this.#measured += grown(window.measuredJoules);
    this.#unattributed += grown(window.unattributedJoules);
    this.#forgetOldest();
  }

  toJSON(): SavedSums {
    return {
      measuredJoules: this.#measured,
      unattributedJoules: this.#unattributed,
      endedJoules: this.#ended,
      since: this.#since,
      functions: Object.fromEntries(this.#functions),
    };
  }

  #forgetOldest(): void {
    for (const [name, sum] of this.#functions) {
      if (this.#functions.size <= MOST) return;
      this.#ended += sum.individualJoules + sum.controlPlaneJoules + sum.idleJoules;
      this.#functions.delete(name);
    }
  }
}

/** A counter never falls, whatever rounding leaves below 0. */
const grown = (amount: number): number => (amount > 0 ? amount : 0);
