import type { AccountedCall, CallColumns, FootprintWindow, NodeSecond } from '../../../model/index.js';
import type { CallPage, CallQuery } from '../account.js';
import type { AccountStore, WindowRange } from './account-store.js';
import { sumWindows } from './sum-windows.js';

const MOST_CALLS = 50_000;
const MOST_SECONDS = 3_600;
const MOST_WINDOWS = 1_440;

/** Shortens a list to its newest entries, not at every one that comes; returns how many went. */
function cut(list: unknown[], most: number): number {
  const surplus = list.length - most;
  if (surplus <= most / 10) return 0;
  list.splice(0, surplus);
  return surplus;
}

/** The latest of everything, in memory: where knowledge can't be written, and for tests. */
export class MemoryStore implements AccountStore {
  readonly #calls: AccountedCall[] = [];
  readonly #seconds: NodeSecond[] = [];
  readonly #windows: FootprintWindow[] = [];
  readonly #why: string | undefined;
  /** How many calls were forgotten: cursors count from the very first. */
  #forgotten = 0;

  /** `why`: what kept it from being somewhere else. */
  constructor(why?: string) {
    this.#why = why;
  }

  recordCalls(calls: CallColumns): void {
    // The first of very many would be forgotten at once.
    const skipped = Math.max(0, calls.length - MOST_CALLS);
    this.#forgotten += skipped;
    for (const call of calls.slice(skipped, calls.length)) this.#calls.push(call);
    this.#forgotten += cut(this.#calls, MOST_CALLS);
  }

  recordSeconds(seconds: readonly NodeSecond[]): void {
    this.#seconds.push(...seconds);
    cut(this.#seconds, MOST_SECONDS);
  }

  recordWindow(window: FootprintWindow): void {
    this.#windows.push(window);
    cut(this.#windows, MOST_WINDOWS);
  }

  footprints({ from, to, function: name }: WindowRange): FootprintWindow | undefined {
    const inside = this.#windows.filter((window) => {
      const middle = (window.from + window.to) / 2;
      return middle >= from && middle < to;
    });
    return sumWindows(inside, name);
  }

  calls(query: CallQuery): CallPage {
    const { cursor, limit } = query;
    const calls: AccountedCall[] = [];
    const before = cursor === undefined ? this.#calls.length : Number(cursor) - this.#forgotten;
    for (let at = Math.min(before, this.#calls.length) - 1; at >= 0; at--) {
      const call = this.#calls[at];
      if (call === undefined || !matches(call, query)) continue;
      if (calls.length === limit) return { calls, next: String(at + 1 + this.#forgotten) };
      calls.push(call);
    }
    return { calls, next: undefined };
  }

  seconds(from: number, to: number): Iterable<NodeSecond> {
    return this.#seconds.filter(({ at }) => at >= from && at < to);
  }

  tidy(): void {
    // What is kept is bounded as it comes.
  }

  ailment(): string | undefined {
    return this.#why;
  }

  close(): void {
    this.#calls.length = 0;
    this.#seconds.length = 0;
    this.#windows.length = 0;
  }
}

function matches(call: AccountedCall, { function: name, status, from, to }: CallQuery): boolean {
  return (
    (name === undefined || call.function === name) &&
    (status === undefined || call.status === status) &&
    (from === undefined || call.endedAt >= from) &&
    (to === undefined || call.endedAt < to)
  );
}
