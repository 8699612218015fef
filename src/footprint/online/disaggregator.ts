import { ErrorCode, WattloopError } from '../../errors/index.js';
import { multiply } from '../../maths/index.js';
import { BayesTracker } from './bayes.js';
import { CumulativeTracker } from './cumulative.js';
import { MemorylessTracker } from './memoryless.js';
import {
  type OnlineEstimate,
  OnlineMode,
  type OnlineOptions,
  type OnlinePowers,
  type OnlineWindow,
} from './online.js';
import { PublishedTracker } from './published.js';
import { SavedState } from './saved-state.js';
import type { Tracker } from './tracker.js';
import { type Evidence, evidenceOf } from './window.js';

const VERSION = 2;
const DEFAULT_MAX_FUNCTIONS = 2000;

/** All that the next update depends on, as plain JSON. */
export interface OnlineState {
  readonly version: number;
  readonly mode: OnlineMode;
  readonly updates: number;
  readonly functions: readonly string[];
  /** By function: the update that last said something of it. */
  readonly lastSeen: readonly number[];
  readonly tracker: unknown;
}

function restored(mode: OnlineMode, options: OnlineOptions, state: SavedState, size: number): Tracker {
  if (mode === OnlineMode.memoryless) return MemorylessTracker.from(state, size);
  if (mode === OnlineMode.cumulative) return CumulativeTracker.from(state, size);
  if (mode === OnlineMode.published) return PublishedTracker.from(state, size, options.published);
  return BayesTracker.from(state, size, options.bayes);
}

function created(mode: OnlineMode, options: OnlineOptions): Tracker {
  if (mode === OnlineMode.memoryless) return new MemorylessTracker();
  if (mode === OnlineMode.cumulative) return new CumulativeTracker();
  if (mode === OnlineMode.published) return new PublishedTracker(options.published);
  return new BayesTracker(options.bayes);
}

/**
 * Follows the power of each function from window to window. Functions come and go by name. The same windows and options
 * give the same figures, also when the state was saved and resumed in between.
 */
export class OnlineDisaggregator {
  readonly mode: OnlineMode;
  readonly #maxFunctions: number;
  readonly #tracker: Tracker;
  #names: string[] = [];
  #lastSeen: number[] = [];
  readonly #slotOf = new Map<string, number>();
  #updates = 0;

  /** `state` is what `toJSON` gave, also after a way through JSON text. */
  constructor(options: OnlineOptions = {}, state?: unknown) {
    checkOptions(options);
    this.mode = options.mode ?? OnlineMode.bayes;
    this.#maxFunctions = options.maxFunctions ?? DEFAULT_MAX_FUNCTIONS;
    if (state === undefined) {
      this.#tracker = created(this.mode, options);
      return;
    }
    const saved = new SavedState(state);
    if (saved.number('version') !== VERSION) saved.fail(`is of another version than ${VERSION}`);
    if (saved.text('mode') !== this.mode) saved.fail(`is of mode ${saved.text('mode')}, not ${this.mode}`);
    this.#names = saved.texts('functions');
    for (const [slot, name] of this.#names.entries()) this.#slotOf.set(name, slot);
    if (this.#slotOf.size !== this.#names.length) saved.fail('names a function twice');
    this.#lastSeen = saved.numbers('lastSeen', this.#names.length, 0);
    this.#updates = saved.number('updates', 0);
    this.#tracker = restored(this.mode, options, saved.object('tracker'), this.#names.length);
  }

  update(window: OnlineWindow): OnlineEstimate {
    const evidence = evidenceOf(window);
    this.#updates++;
    const added = this.#admit(evidence.names);
    const slots = Uint32Array.from(evidence.names, (name) => this.#slotOf.get(name) ?? 0);
    for (const slot of slots) this.#lastSeen[slot] = this.#updates;
    if (evidence.rows.count > 0) this.#tracker.follow(evidence, { slots, size: this.#names.length });
    const residualWatts = this.#residual(evidence, slots);
    return {
      ...this.powers(),
      frozen: Uint8Array.from(this.#lastSeen, (seen) => (seen === this.#updates ? 0 : 1)),
      fresh: Uint8Array.from(this.#names, (_, slot) => (slot >= this.#names.length - added ? 1 : 0)),
      ticks: evidence.rows.count,
      ...(residualWatts === undefined ? {} : { residualWatts }),
    };
  }

  /** What is known now. */
  powers(): OnlinePowers {
    const { watts, errors } = this.#tracker;
    return {
      functions: [...this.#names],
      watts: Float64Array.from(watts),
      ...(errors === undefined ? {} : { standardErrors: Float64Array.from(errors) }),
    };
  }

  /**
   * One standard error of a weighted sum of powers, by name. Powers that are only known together are each unsure, but not
   * their sum. Names that are unknown count as nothing. Undefined where the method has no errors.
   */
  errorOfSum(weights: ReadonlyMap<string, number>): number | undefined {
    const { errors } = this.#tracker;
    if (errors === undefined) return undefined;
    const known = Array.from(weights, ([name, weight]) => ({
      slot: this.#slotOf.get(name) ?? -1,
      weight,
    })).filter(({ slot }) => slot >= 0);
    const [slots, each] = [known.map(({ slot }) => slot), known.map(({ weight }) => weight)];
    if (this.#tracker.errorOfSum !== undefined) return this.#tracker.errorOfSum(slots, each);
    return Math.hypot(...slots.map((slot, i) => (each[i] ?? 0) * (errors[slot] ?? 0)));
  }

  /** Takes in the names that are new, and forgets others where there are too many. Returns how many are new. */
  #admit(names: readonly string[]): number {
    const newcomers = names.filter((name) => !this.#slotOf.has(name));
    const excess = this.#names.length + newcomers.length - this.#maxFunctions;
    if (excess > 0) this.#forget(new Set(names), excess);
    for (const name of newcomers) {
      this.#slotOf.set(name, this.#names.length);
      this.#names.push(name);
      this.#lastSeen.push(this.#updates);
    }
    return newcomers.length;
  }

  /** Forgets those not seen for the longest time; never one that is running. */
  #forget(running: ReadonlySet<string>, excess: number): void {
    const out = Array.from(this.#names.keys())
      .filter((slot) => !running.has(this.#names[slot] ?? ''))
      .sort((a, b) => (this.#lastSeen[a] ?? 0) - (this.#lastSeen[b] ?? 0) || a - b)
      .slice(0, excess);
    const gone = new Set(out);
    const kept = Array.from(this.#names.keys()).filter((slot) => !gone.has(slot));
    this.#tracker.keep(kept);
    this.#names = kept.map((slot) => this.#names[slot] ?? '');
    this.#lastSeen = kept.map((slot) => this.#lastSeen[slot] ?? 0);
    this.#slotOf.clear();
    for (const [slot, name] of this.#names.entries()) this.#slotOf.set(name, slot);
  }

  #residual({ rows, watts }: Evidence, slots: Uint32Array): number | undefined {
    if (rows.count === 0) return undefined;
    const predicted = multiply(
      rows,
      Float64Array.from(slots, (slot) => this.#tracker.watts[slot] ?? 0),
    );
    const square = watts.reduce((sum, value, row) => sum + (value - (predicted[row] ?? 0)) ** 2, 0);
    return Math.sqrt(square / rows.count);
  }

  toJSON(): OnlineState {
    return {
      version: VERSION,
      mode: this.mode,
      updates: this.#updates,
      functions: [...this.#names],
      lastSeen: [...this.#lastSeen],
      tracker: this.#tracker.toJSON(),
    };
  }
}

function checkOptions({ mode, maxFunctions, bayes, published }: OnlineOptions): void {
  const amounts = { maxFunctions, ...bayes, ...published };
  for (const [name, amount] of Object.entries(amounts)) {
    if (amount === undefined || (Number.isFinite(amount) && amount >= 0)) continue;
    throw new WattloopError(ErrorCode.badConfiguration, `online disaggregation: ${name} is ${amount}`, {
      remedy: 'Give a number, 0 or above.',
    });
  }
  if (mode !== undefined && !(mode in OnlineMode)) {
    throw new WattloopError(ErrorCode.badConfiguration, `online disaggregation: no mode ${mode}`, {
      remedy: `There are: ${Object.values(OnlineMode).join(', ')}.`,
    });
  }
}
