import { enlarged } from '../../maths/index.js';
import type { InvocationColumns } from './sweep.js';

/** What an invocation is known by until it ends. */
export type InvocationKey = string | number | symbol;

const INITIAL_ROWS = 256;

/** Invocations that have to do with ticks not given out yet, by column. A running one ends at Infinity. */
export class Pending implements InvocationColumns {
  functionIndex = new Uint32Array(INITIAL_ROWS);
  start = new Float64Array(INITIAL_ROWS);
  end = new Float64Array(INITIAL_ROWS);
  /** From where on its seconds are in rows that were given out: its start, or later where it came late. */
  since = new Float64Array(INITIAL_ROWS);
  count = 0;
  readonly #keys: (InvocationKey | undefined)[] = [];
  readonly #running = new Map<InvocationKey, number>();

  push(index: number, start: number, end: number, since: number, key?: InvocationKey): void {
    const at = this.count;
    if (at === this.start.length) this.#grow(at * 2);
    this.functionIndex[at] = index;
    this.start[at] = start;
    this.end[at] = end;
    this.since[at] = since;
    this.#keys[at] = key;
    if (key !== undefined) this.#running.set(key, at);
    this.count++;
  }

  /** The row of a running invocation. */
  rowOf(key: InvocationKey): number | undefined {
    return this.#running.get(key);
  }

  finish(row: number, end: number): void {
    const key = this.#keys[row];
    if (key !== undefined) this.#running.delete(key);
    this.#keys[row] = undefined;
    this.end[row] = end;
  }

  /** Forgets what has nothing to do with `from` or later. */
  forgetBefore(from: number): void {
    let to = 0;
    for (let row = 0; row < this.count; row++) {
      const start = this.start[row] ?? 0;
      const end = this.end[row] ?? 0;
      if (end <= from && start < from) continue;
      const key = this.#keys[row];
      this.functionIndex[to] = this.functionIndex[row] ?? 0;
      this.start[to] = start;
      this.end[to] = end;
      this.since[to] = this.since[row] ?? 0;
      this.#keys[to] = key;
      if (key !== undefined) this.#running.set(key, to);
      to++;
    }
    this.count = to;
    this.#keys.length = to;
  }

  #grow(length: number): void {
    this.functionIndex = enlarged(this.functionIndex, length);
    this.start = enlarged(this.start, length);
    this.end = enlarged(this.end, length);
    this.since = enlarged(this.since, length);
  }
}
