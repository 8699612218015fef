import type { FootprintWindow, FunctionWindow, ServedCall } from '../../../model/index.js';
import type { CountedCalls } from '../feeds/feed.js';

/** How calls ended, and whether they were cold where that is told. */
export interface CallCount {
  readonly function: string;
  readonly status: string;
  readonly start: 'cold' | 'warm' | undefined;
  count: number;
  /** Seconds since 1970 at which it began to count. */
  readonly since: number;
}

interface Counted {
  calls: number;
  errors: number;
  seconds: number;
}

/** Functions and ways to end that are counted at most. */
const MOST = 20_000;

/** Calls of functions that somebody told of: those that nobody tells of have no count, not 0. */
export class ToldCalls {
  readonly #counts = new Map<string, CallCount>();
  /** Told in sum since the last window. */
  #counted = new Map<string, Counted>();

  get counts(): Iterable<CallCount> {
    return this.#counts.values();
  }

  ended({ function: name, status, cold }: ServedCall, now: number): void {
    this.#count(name, status, cold ? 'cold' : 'warm', 1, now);
  }

  counted({ function: name, done, failed, seconds = 0 }: CountedCalls, now: number): void {
    if (done > 0) this.#count(name, 'done', undefined, done, now);
    if (failed > 0) this.#count(name, 'failed', undefined, failed, now);
    const sum = this.#counted.get(name) ?? { calls: 0, errors: 0, seconds: 0 };
    sum.calls += done + failed;
    sum.errors += failed;
    sum.seconds += seconds;
    this.#counted.set(name, sum);
  }

  /** The window with the calls that were told in sum since the last one. */
  into(window: FootprintWindow): FootprintWindow {
    if (this.#counted.size === 0) return window;
    const counted = this.#counted;
    this.#counted = new Map();
    const functions = window.functions.map((each): FunctionWindow => {
      const sum = counted.get(each.function);
      counted.delete(each.function);
      return sum === undefined ? each : withCounted(each, sum);
    });
    for (const [name, sum] of counted) functions.push(withCounted({ ...NOTHING, function: name }, sum));
    return { ...window, functions };
  }

  #count(
    name: string,
    status: string,
    start: 'cold' | 'warm' | undefined,
    calls: number,
    since: number,
  ): void {
    const key = JSON.stringify([name, status, start]);
    const known = this.#counts.get(key);
    if (known) known.count += calls;
    else if (this.#counts.size < MOST) {
      this.#counts.set(key, { function: name, status, start, count: calls, since });
    }
  }
}

const NOTHING: Omit<FunctionWindow, 'function'> = {
  calls: 0,
  errors: 0,
  cold: 0,
  callSeconds: 0,
  individualJoules: 0,
  controlPlaneJoules: 0,
  idleJoules: 0,
  operationalGrams: 0,
};

const withCounted = (window: FunctionWindow, { calls, errors, seconds }: Counted): FunctionWindow => ({
  ...window,
  calls: window.calls + calls,
  errors: window.errors + errors,
  callSeconds: window.callSeconds + seconds,
});
