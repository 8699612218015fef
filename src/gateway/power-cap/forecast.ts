import type { AccountTick } from '../account/account.js';
import { CallWatts } from './call-watts.js';
import { Correction } from './correction.js';

export interface ForecastOptions {
  /** What the machine draws without work; learnt from the least that was measured where nobody tells. */
  readonly idleWatts?: number;
  /** What one call of a function adds as long as no function is known. */
  readonly firstCallWatts: number;
}

/** The machine's power as it is expected to be: idle and the running calls, corrected by what was measured. */
export class Forecast {
  readonly #watts: CallWatts;
  readonly #correction = new Correction();
  readonly #running = new Map<string, number>();
  #idleWatts: number | undefined;
  #leastWatts = Number.POSITIVE_INFINITY;
  #count = 0;
  /** What the running calls are told to add, uncorrected. */
  #load = 0;
  /** The load over the time since the last tick, for its mean. */
  #loadSeconds = 0;
  #seconds = 0;
  #at: number;

  constructor({ idleWatts, firstCallWatts }: ForecastOptions, now: number) {
    this.#idleWatts = idleWatts;
    this.#watts = new CallWatts(firstCallWatts);
    this.#at = now;
  }

  /** Calls that run. */
  get count(): number {
    return this.#count;
  }

  /** With all that runs now. */
  get predictedWatts(): number {
    return this.#idle + this.#correction.of(this.#load);
  }

  /** What is kept free for what the forecast is usually wrong by. */
  get reserveWatts(): number {
    return this.#correction.usualError;
  }

  get gain(): number {
    return this.#correction.gain;
  }

  get offsetWatts(): number {
    return this.#correction.offset;
  }

  /** If a call of this function ran as well: with what is kept free. */
  with(name: string): number {
    return this.#idle + this.#correction.of(this.#load + this.#watts.of(name)) + this.reserveWatts;
  }

  began(name: string, now: number): void {
    this.#pass(now);
    this.#running.set(name, (this.#running.get(name) ?? 0) + 1);
    this.#count++;
    this.#load += this.#watts.of(name);
  }

  /** False when no call of this function runs. */
  ended(name: string, now: number): boolean {
    const count = this.#running.get(name);
    if (count === undefined) return false;
    this.#pass(now);
    if (count > 1) this.#running.set(name, count - 1);
    else this.#running.delete(name);
    this.#count--;
    // What is left of a sum when the last has gone is rounding.
    this.#load = this.#count === 0 ? 0 : Math.max(0, this.#load - this.#watts.of(name));
    return true;
  }

  update(tick: AccountTick, now: number): void {
    this.#pass(now);
    const { watts, idleWatts } = tick;
    if (idleWatts !== undefined) this.#idleWatts = idleWatts;
    const meanLoad = this.#seconds > 0 ? this.#loadSeconds / this.#seconds : this.#load;
    this.#loadSeconds = 0;
    this.#seconds = 0;
    // What is left of the measured power without the calls is never less than idle, by what is known of the calls.
    if (watts !== undefined) this.#leastWatts = Math.min(this.#leastWatts, Math.max(0, watts - meanLoad));
    if (watts !== undefined) this.#correction.learn(meanLoad, watts - this.#idle);
    this.#learn(tick);
  }

  get #idle(): number {
    if (this.#idleWatts !== undefined) return this.#idleWatts;
    return this.#leastWatts < Number.POSITIVE_INFINITY ? this.#leastWatts : 0;
  }

  /** New figures for functions are no news of what the running calls draw: that was measured. */
  #learn({ functions }: AccountTick): void {
    const before = this.#load;
    this.#watts.learn(functions);
    this.#load = 0;
    for (const [name, count] of this.#running) this.#load += count * this.#watts.of(name);
    if (before > 0 && this.#load > 0) this.#correction.rescale(before / this.#load);
  }

  #pass(now: number): void {
    const seconds = Math.max(0, now - this.#at);
    this.#at = now;
    this.#seconds += seconds;
    this.#loadSeconds += seconds * this.#load;
  }
}
