import { type MachineAmounts, type MachineTick, partOf, sumOf } from './machine-tick.js';

/** An edge that is missed by less than this part of a tick was meant: timers are never exact. What is later is spread. */
const SNAP = 0.01;

/**
 * Puts stretches of time, as the machine was read, on a grid of equal ticks. Mostly one is the other. A stretch over several
 * ticks (the process was held up) is spread over them evenly, so that nothing of it is lost.
 */
export class TickGrid {
  readonly start: number;
  readonly tickSeconds: number;
  #at: number;
  #index = 0;
  /** Of the tick that is not full yet. */
  #open: MachineAmounts | undefined;

  constructor(start: number, tickSeconds: number) {
    this.start = start;
    this.tickSeconds = tickSeconds;
    this.#at = start;
  }

  /** What belongs to a tick that is not full yet. */
  get open(): MachineAmounts | undefined {
    return this.#open;
  }

  /** Takes what there was up to `to`; gives out the ticks that are full by that. */
  add(to: number, amounts: MachineAmounts): MachineTick[] {
    const from = this.#at;
    const until = this.#snapped(to);
    const ticks: MachineTick[] = [];
    // A stretch without length has its amounts still: they are of the tick at hand.
    if (until <= from) {
      this.#open = sumOf(this.#open, amounts);
      return ticks;
    }
    this.#at = until;
    for (let begin = from; begin < until; ) {
      const end = this.#edge(this.#index + 1);
      const reach = Math.min(end, until);
      this.#open = sumOf(this.#open, partOf(amounts, (reach - begin) / (until - from)));
      begin = reach;
      if (reach < end) break;
      ticks.push({ ...this.#open, from: this.#edge(this.#index), to: end });
      this.#open = undefined;
      this.#index++;
    }
    return ticks;
  }

  #edge(index: number): number {
    return this.start + index * this.tickSeconds;
  }

  #snapped(to: number): number {
    const nearest = this.#edge(Math.round((to - this.start) / this.tickSeconds));
    return Math.abs(to - nearest) <= SNAP * this.tickSeconds ? nearest : to;
  }
}
