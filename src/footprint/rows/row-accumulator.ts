import { type InvocationKey, Pending } from './pending.js';
import { RowBuilder } from './row-builder.js';
import type { Rows } from './rows.js';
import { emptyTally, type RowsReport } from './rows-report.js';
import type { SharedColumns } from './shared-columns.js';
import { isTime, sweep } from './sweep.js';
import { checkTicks, edgeOf, type Ticks, tickOf } from './ticks.js';

export interface RowAccumulatorOptions extends Omit<Ticks, 'count'> {
  /** Functions that are known beforehand; others are added as they come. */
  readonly functions?: readonly string[];
  /**
   * A platform's limit for an invocation: what runs on beyond it is taken as ended then, its end having got lost. Without
   * it such an invocation runs for ever.
   */
  readonly longestSeconds?: number;
}

/**
 * Rows as invocations come, in any order: `take` gives out the ticks before the one named and forgets them. Running
 * invocations are in them as far as they ran. What comes for a tick that was given out is late: it is counted, with its
 * seconds, and is in no row. Holds no more than the invocations since the last `take` and those that run.
 */
export class RowAccumulator {
  readonly #ticks: Omit<Ticks, 'count'>;
  readonly #longestSeconds: number;
  readonly #functions: string[];
  readonly #indexOf: Map<string, number>;
  readonly #pending = new Pending();
  readonly #tally = emptyTally();
  #taken = 0;
  #latest = Number.NEGATIVE_INFINITY;

  constructor({ start, tickSeconds, functions = [], longestSeconds }: RowAccumulatorOptions) {
    this.#ticks = { start, tickSeconds };
    checkTicks({ ...this.#ticks, count: 0 });
    this.#longestSeconds = longestSeconds ?? Number.POSITIVE_INFINITY;
    this.#functions = [...functions];
    this.#indexOf = new Map(functions.map((name, index) => [name, index]));
  }

  /** Ticks that were given out. */
  get taken(): number {
    return this.#taken;
  }

  /** The tick that a time falls in. */
  tickAt(t: number): number {
    return tickOf(this.#ticks, t);
  }

  /** Gives a function a column before anything of it ran. */
  know(name: string): void {
    this.#indexFor(name);
  }

  /** An invocation begins. A key that begins again has ended, or else it would run for ever. */
  begin(name: string, t: number, key: InvocationKey = Symbol(name)): InvocationKey {
    const before = this.#pending.rowOf(key);
    if (before !== undefined) this.#abandon(before, t);
    this.#push(name, t, Number.POSITIVE_INFINITY, key);
    return key;
  }

  /** An invocation ends; false where none with this key runs. */
  finish(key: InvocationKey, t: number): boolean {
    const row = this.#pending.rowOf(key);
    if (row === undefined || Number.isNaN(t)) {
      this.#tally.unmatched++;
      return false;
    }
    this.#end(row, t);
    return true;
  }

  /** An invocation that has ended, or at Infinity one that will not say when it does. */
  add(name: string, start: number, end: number): void {
    this.#push(name, start, end);
  }

  /**
   * The ticks from the last one given out to before `untilTick`; none when those were given out before. Columns of rows
   * given out later begin with the functions of those given out earlier.
   */
  take(untilTick: number, shared?: SharedColumns): Rows {
    const first = this.#taken;
    const until = Math.max(first, untilTick);
    const ticks = { ...this.#ticks, start: edgeOf(this.#ticks, first), count: until - first };
    checkTicks(ticks);
    this.#abandonBefore(edgeOf(this.#ticks, until));
    const builder = new RowBuilder(this.#functions, ticks, shared);
    const functions = this.#functions.length;
    this.#tally.overlapping += sweep(this.#pending, functions, this.#ticks, [first, until], builder);
    this.#taken = until;
    this.#pending.forgetBefore(this.#takenUntil);
    return builder.rows();
  }

  report(): RowsReport {
    const running = this.#pending.end.subarray(0, this.#pending.count);
    const neverEnding = running.reduce((sum, end) => sum + (end === Number.POSITIVE_INFINITY ? 1 : 0), 0);
    return { ...this.#tally, neverEnding };
  }

  get #takenUntil(): number {
    return edgeOf(this.#ticks, this.#taken);
  }

  #push(name: string, start: number, end: number, key?: InvocationKey): void {
    this.#tally.invocations++;
    if (!isTime(start, end)) {
      this.#tally.invalid++;
      return;
    }
    if (start < this.#latest) this.#tally.outOfOrder++;
    else this.#latest = start;
    if (end <= this.#ticks.start && start < this.#ticks.start) {
      this.#tally.outside++;
      return;
    }
    if (end === start) this.#tally.zeroLength++;
    const takenUntil = this.#takenUntil;
    if (this.#taken > 0 && start < takenUntil) {
      this.#tally.late++;
      this.#tally.lateSeconds += Math.min(end, takenUntil) - Math.max(start, this.#ticks.start);
      if (end <= takenUntil) return;
    }
    this.#pending.push(this.#indexFor(name), start, end, Math.max(start, takenUntil), key);
  }

  #indexFor(name: string): number {
    const known = this.#indexOf.get(name);
    if (known !== undefined) return known;
    const index = this.#functions.length;
    this.#functions.push(name);
    this.#indexOf.set(name, index);
    return index;
  }

  /** Ends a running invocation, and counts what rows given out have of it too much or never had. */
  #end(row: number, t: number): void {
    const start = this.#pending.start[row] ?? 0;
    const since = this.#pending.since[row] ?? 0;
    // A clock that was set back makes no work of less than nothing.
    const end = Math.max(start, t);
    if (end === start) this.#tally.zeroLength++;
    this.#tally.surplusSeconds += Math.max(0, this.#takenUntil - Math.max(end, since));
    this.#tally.lateSeconds -= Math.max(0, since - Math.max(end, this.#ticks.start));
    this.#pending.finish(row, end);
  }

  #abandon(row: number, t: number): void {
    this.#tally.abandoned++;
    this.#end(row, t);
  }

  #abandonBefore(t: number): void {
    const { end, start, count } = this.#pending;
    for (let row = 0; row < count; row++) {
      if (end[row] !== Number.POSITIVE_INFINITY) continue;
      const limit = (start[row] ?? 0) + this.#longestSeconds;
      if (limit < t) this.#abandon(row, limit);
    }
  }
}
