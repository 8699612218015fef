import { RowAccumulator, type Rows, type SharedColumns } from '../../../footprint/index.js';
import type { AccountedCall, ServedCall } from '../../../model/index.js';
import type { EntryEnergies, Origin } from './entry-energies.js';
import { isOver, type LedgerCall, newEntry, settled } from './ledger-call.js';
import { shareOut } from './share-out.js';

/** Ended calls that are kept until their energy is settled; beyond it the oldest go without. */
const MOST_ENDED = 600_000;

/** Who is called now, and who was since the last window: what rows are made of, and whom their energy is given to. */
export class CallLedger {
  readonly #tickSeconds: number;
  #accumulator: RowAccumulator;
  readonly #running = new Map<number, LedgerCall>();
  #ended: LedgerCall[] = [];
  #dropped: LedgerCall[] = [];
  #unsettled = 0;

  constructor(start: number, tickSeconds: number, functions: Iterable<string> = []) {
    this.#tickSeconds = tickSeconds;
    this.#accumulator = new RowAccumulator({ start, tickSeconds, functions: [...functions] });
  }

  /** Calls that went without energy because too many waited for it. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** Calls that run, and ended ones that wait for their energy. */
  *open(): Generator<LedgerCall> {
    yield* this.#running.values();
    yield* this.#ended;
  }

  /** A function uses the processor, though it may not be called. */
  know(name: string): void {
    this.#accumulator.know(name);
  }

  began(key: number, name: string, at: number): void {
    this.#accumulator.begin(name, at, key);
    this.#running.set(key, newEntry(name, at));
  }

  /** `at`: when, by the clock of the account. */
  ended(key: number, call: ServedCall, at = call.endedAt): void {
    const running = this.#running.get(key);
    if (running) {
      this.#running.delete(key);
      const endedAt = Math.max(at, running.startedAt);
      this.#accumulator.finish(key, endedAt);
      running.call = call;
      running.endedAt = endedAt;
      this.#keep(running);
      return;
    }
    const startedAt = Math.min(call.startedAt, at);
    this.#accumulator.add(call.function, startedAt, at);
    this.#keep({ ...newEntry(call.function, startedAt), endedAt: at, call });
  }

  /** Calls ran of which no more is known: they are in the rows, and energy is given to none of them. */
  ran(name: string, from: number, to: number): void {
    this.#accumulator.add(name, from, to);
  }

  /** What began is over, and was no call that anyone could tell of. */
  left(key: number, at: number): void {
    if (this.#running.delete(key)) this.#accumulator.finish(key, at);
  }

  /** These are all that run: whatever else began has ended without anyone telling. */
  resume(calls: Iterable<readonly [key: number, name: string, startedAt: number]>, at: number): void {
    const left = new Set(this.#running.keys());
    for (const [key, name, startedAt] of calls) {
      if (!left.delete(key)) this.began(key, name, startedAt);
    }
    for (const key of left) {
      this.#accumulator.finish(key, at);
      this.#running.delete(key);
    }
  }

  /** Rows of the ticks up to `until`, from where those before ended. */
  rows(until: number, shared: SharedColumns): Rows {
    return this.#accumulator.take(until, shared);
  }

  /** Gives the window's energy to the calls that ran in it; returns those that had ended by its end. */
  settle(energies: EntryEnergies, origin: Origin | undefined): AccountedCall[] {
    shareOut(energies, this.#running.values(), this.#ended);
    const over = this.#dropped.map(({ call }) => call).filter((call) => call !== undefined);
    const done: AccountedCall[] = over;
    this.#dropped = [];
    const waiting: LedgerCall[] = [];
    for (const entry of this.#ended) {
      if (isOver(entry, energies.to)) done.push(settled(entry, origin));
      else waiting.push(entry);
    }
    this.#ended = waiting;
    return done;
  }

  /** The clock was set: time goes on elsewhere, and what is not settled was as long ago as before. */
  moveTo(start: number, by: number): void {
    this.#accumulator = new RowAccumulator({ start, tickSeconds: this.#tickSeconds });
    for (const [key, entry] of this.#running) {
      moveBy(entry, by);
      this.#accumulator.begin(entry.function, entry.startedAt, key);
    }
    for (const entry of this.#ended) {
      moveBy(entry, by);
      this.#accumulator.add(entry.function, entry.startedAt, entry.endedAt ?? start);
    }
  }

  #keep(entry: LedgerCall): void {
    this.#ended.push(entry);
    if (this.#ended.length <= MOST_ENDED) return;
    // A tenth at once, so that not every further call moves the whole list.
    const oldest = this.#ended.splice(0, MOST_ENDED / 10);
    this.#unsettled += oldest.length;
    for (const each of oldest) this.#dropped.push(each);
  }
}

function moveBy(entry: LedgerCall, by: number): void {
  entry.startedAt += by;
  entry.settledTo += by;
  if (entry.endedAt !== undefined) entry.endedAt += by;
}
