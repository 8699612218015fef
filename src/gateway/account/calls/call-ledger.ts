import { RowAccumulator, type Rows, type SharedColumns } from '../../../footprint/index.js';
import { CallColumns, type EnergyOrigin, type ServedCall } from '../../../model/index.js';
import { EndedCalls } from './ended-calls.js';
import type { EntryEnergies } from './entry-energies.js';
import { newCall, type OpenCall, type RunningCall } from './running-call.js';
import { shareOut } from './share-out.js';

/** Ended calls that are kept until their energy is settled; those beyond it go without. */
const MOST_ENDED = 1_000_000;

/** Who is called now, and who was since the last window: what rows are made of, and whom their energy is given to. */
export class CallLedger {
  readonly #tickSeconds: number;
  readonly #mostEnded: number;
  #accumulator: RowAccumulator;
  readonly #running = new Map<number, RunningCall>();
  #ended = new EndedCalls();
  #withoutEnergy = new CallColumns();
  #unsettled = 0;

  constructor(start: number, tickSeconds: number, mostEnded = MOST_ENDED) {
    this.#tickSeconds = tickSeconds;
    this.#mostEnded = mostEnded;
    this.#accumulator = new RowAccumulator({ start, tickSeconds });
  }

  /** Calls that went without energy because too many waited for it. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** Calls that run, and ended ones that wait for their energy. */
  *open(): Generator<OpenCall> {
    for (const { function: name, startedAt } of this.#running.values())
      yield { function: name, startedAt, endedAt: Number.POSITIVE_INFINITY, cold: false };
    const { calls, from, until } = this.#ended;
    for (let index = 0; index < calls.length; index++)
      yield {
        function: calls.originAt(index)?.function ?? '',
        startedAt: from[index] ?? 0,
        endedAt: until[index] ?? 0,
        cold: calls.numbers.cold[index] === 1,
      };
  }

  /** A function uses the processor, though it may not be called. */
  know(name: string): void {
    this.#accumulator.know(name);
  }

  began(key: number, name: string, at: number): void {
    this.#accumulator.begin(name, at, key);
    this.#running.set(key, newCall(name, at));
  }

  /** `at`: when, by the clock of the account. */
  ended(key: number, call: ServedCall, at = call.endedAt): void {
    const running = this.#running.get(key);
    if (running) {
      this.#running.delete(key);
      const endedAt = Math.max(at, running.startedAt);
      this.#accumulator.finish(key, endedAt);
      this.#keep(call, running, endedAt);
      return;
    }
    const startedAt = Math.min(call.startedAt, at);
    this.#accumulator.add(call.function, startedAt, at);
    this.#keep(call, newCall(call.function, startedAt), at);
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
  settle(energies: EntryEnergies, origin: EnergyOrigin | undefined): CallColumns {
    shareOut(energies, [...this.#running.values()], this.#ended);
    const { over, waiting } = this.#ended.split(energies.to, origin);
    this.#ended = waiting;
    for (let index = 0; index < this.#withoutEnergy.length; index++)
      over.pushFrom(this.#withoutEnergy, index);
    this.#withoutEnergy = new CallColumns();
    return over;
  }

  /** The clock was set: time goes on elsewhere, and what is not settled was as long ago as before. */
  moveTo(start: number, by: number): void {
    this.#accumulator = new RowAccumulator({ start, tickSeconds: this.#tickSeconds });
    for (const [key, call] of this.#running) {
      call.startedAt += by;
      call.settledTo += by;
      this.#accumulator.begin(call.function, call.startedAt, key);
    }
    const { calls, from, until } = this.#ended;
    this.#ended.moveBy(by);
    for (let index = 0; index < calls.length; index++)
      this.#accumulator.add(calls.originAt(index)?.function ?? '', from[index] ?? 0, until[index] ?? 0);
  }

  #keep(call: ServedCall, running: RunningCall, endedAt: number): void {
    if (this.#ended.length < this.#mostEnded) {
      this.#ended.push(call, running, endedAt);
      return;
    }
    this.#unsettled++;
    this.#withoutEnergy.push(call);
  }
}
