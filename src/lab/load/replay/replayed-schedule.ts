import type { Random } from '../../../maths/index.js';
import type { Schedule } from '../schedule.js';
import { LEFT_OUT } from './deal-functions.js';
import type { TraceCells } from './replayed-trace.js';

export interface ReplayOptions {
  /** Which target each of the trace's functions is called at. */
  readonly dealt: Int32Array;
  /** Seconds of the trace that pass in one. */
  readonly speed: number;
  /** The part of the calls that is made. */
  readonly sample: number;
  readonly untilSeconds: number;
  readonly random: Random;
}

/**
 * A trace's calls in the order of time. Of calls whose minute alone is known, chance settles the moment, when their minute
 * comes: no more of them are held in memory than come in it.
 */
export class ReplayedSchedule implements Schedule {
  readonly #cells: TraceCells;
  readonly #options: ReplayOptions;
  /** Cells in the order of time, of functions that are called. */
  readonly #order: Uint32Array;
  #next = 0;
  /** Calls of the cells that were opened last, and how far they are made. */
  #times = new Float64Array(0);
  #targets = new Uint32Array(0);
  #made = 0;
  at = Number.POSITIVE_INFINITY;
  target = 0;

  constructor(cells: TraceCells, options: ReplayOptions) {
    this.#cells = cells;
    this.#options = options;
    const called = Uint32Array.from(cells.at.keys()).filter(
      (cell) => (options.dealt[cells.functionIndex[cell] ?? 0] ?? LEFT_OUT) !== LEFT_OUT,
    );
    this.#order = called.sort((a, b) => (cells.at[a] ?? 0) - (cells.at[b] ?? 0));
    this.#settle();
  }

  advance(): void {
    this.#made++;
    this.#settle();
  }

  #settle(): void {
    while (this.#made === this.#times.length && this.#next < this.#order.length) this.#open();
    const at = this.#made < this.#times.length ? (this.#times[this.#made] ?? 0) : Number.POSITIVE_INFINITY;
    this.at = at < this.#options.untilSeconds ? at : Number.POSITIVE_INFINITY;
    this.target = this.#targets[this.#made] ?? 0;
  }

  /** Settles the calls of all cells of the next moment. */
  #open(): void {
    const { at, calls } = this.#cells;
    const from = this.#next;
    const moment = at[this.#order[from] ?? 0];
    let total = 0;
    for (; this.#next < this.#order.length && at[this.#order[this.#next] ?? 0] === moment; this.#next++)
      total += calls?.[this.#order[this.#next] ?? 0] ?? 1;
    this.#settleCalls(from, this.#next, total);
    this.#made = 0;
  }

  #settleCalls(from: number, to: number, most: number): void {
    const { functionIndex, at, calls, withinSeconds } = this.#cells;
    const { dealt, speed, sample, random } = this.#options;
    const times = new Float64Array(most);
    const targets = new Uint32Array(most);
    let count = 0;
    for (let place = from; place < to; place++) {
      const cell = this.#order[place] ?? 0;
      for (let call = calls?.[cell] ?? 1; call > 0; call--) {
        const within = withinSeconds === 0 ? 0 : withinSeconds * random.uniform();
        if (sample < 1 && random.uniform() >= sample) continue;
        times[count] = ((at[cell] ?? 0) + within) / speed;
        targets[count] = dealt[functionIndex[cell] ?? 0] ?? 0;
        count++;
      }
    }
    const order = Uint32Array.from(times.subarray(0, count).keys()).sort(
      (a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b,
    );
    this.#times = Float64Array.from(order, (index) => times[index] ?? 0);
    this.#targets = Uint32Array.from(order, (index) => targets[index] ?? 0);
  }
}
