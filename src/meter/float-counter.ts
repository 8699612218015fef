import type { Step } from './counter.js';

/** No node draws more than this; energy that would need more is a fault of the counter, not consumption. */
const IMPLAUSIBLE_WATTS = 20_000;
/** A counter that is refreshed every few seconds may give several seconds' energy in one short step. */
const REFRESH_SECONDS = 10;

/**
 * An energy counter of another program, in joules as a double, made monotone: joules since the first value seen. Such a
 * counter starts anew when the program restarts or when the hardware counter behind it wraps. What it missed meanwhile
 * nobody knows, so the step over a jump, backwards or impossibly far forwards, counts nothing.
 */
export class FloatEnergyCounter {
  #last: { joules: number; at: number } | undefined;
  #joules = 0;

  get joules(): number {
    return this.#joules;
  }

  /** Takes the value that was true at time `at` (seconds) and says how it was understood. Garbage changes nothing. */
  advance(joules: number, at: number): Exclude<Step, 'wrapped'> {
    if (!Number.isFinite(joules) || joules < 0) return 'garbage';
    const last = this.#last;
    // An older value than the last (a late answer) says nothing new.
    if (last !== undefined && at < last.at) return 'garbage';
    this.#last = { joules, at };
    if (last === undefined) return 'first';
    const step = joules - last.joules;
    if (step < 0 || step > IMPLAUSIBLE_WATTS * (at - last.at + REFRESH_SECONDS)) return 'reset';
    this.#joules += step;
    return 'forward';
  }
}
