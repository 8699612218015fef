import type { MachineUsage } from '../model/index.js';

/** The kernel counts busy time in ticks of 10 ms: read more often than this it shows steps, not use. */
const TICK_READ_SECONDS = 0.05;

export interface BusyReader {
  machine(): MachineUsage;
  /** True when the counter is good to microseconds, false when it moves in clock ticks. */
  readonly exact: boolean;
}

/** Seconds that the machine's processors were busy, at any moment, from a counter that may move only in steps. */
export class BusyClock {
  readonly #reader: BusyReader;
  #at = Number.NEGATIVE_INFINITY;
  #busy = 0;
  #rate = 0;
  #told = 0;
  #isKnown = false;

  constructor(reader: BusyReader) {
    this.#reader = reader;
  }

  /**
   * Between two reads of a stepping counter the machine is taken to be as busy as before. Never goes backwards. Undefined
   * where the counter says nothing.
   */
  seconds(at: number): number | undefined {
    const since = at - this.#at;
    if (this.#reader.exact || since >= TICK_READ_SECONDS) this.#read(at);
    if (!this.#isKnown) return undefined;
    this.#told = Math.max(this.#told, this.#busy + this.#rate * (at - this.#at));
    return this.#told;
  }

  #read(at: number): void {
    const busy = this.#reader.machine().busySeconds;
    if (busy === undefined) return;
    this.#isKnown = true;
    const seconds = at - this.#at;
    if (!this.#reader.exact && Number.isFinite(seconds) && seconds > 0) {
      this.#rate = Math.max(0, (busy - this.#busy) / seconds);
    }
    this.#busy = busy;
    this.#at = at;
  }
}
