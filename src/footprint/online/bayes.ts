import { autocorrelationInflation, multiply, type SparseRows } from '../../maths/index.js';
import { spreadOnRows, weighChange } from './change.js';
import { Covariance, type Projection } from './covariance.js';
import { mostProbableNonNegative } from './non-negative.js';
import { type Observations, observationsOf } from './observations.js';
import type { BayesOptions } from './online.js';
import type { SavedState } from './saved-state.js';
import type { Places, Tracker } from './tracker.js';
import type { Evidence } from './window.js';

const DEFAULTS = { driftPerHour: 0.2, newcomerSpread: 1 } as const;
const HOUR = 3600;
/** Before anything is known: the noise of a tick, as a part of the power. */
const FIRST_NOISE = 0.1;
/** Noise and scale are means over about so many windows. */
const MEMORY_WINDOWS = 10;
/** A function at next to nothing drifts as one of this part of the usual power. */
const LEAST_SCALE = 0.1;
/** Stands in for the power of a running invocation while none has been seen above idle. */
const UNKNOWN_SCALE_WATTS = 1;

/**
 * A Gaussian state: the functions' powers, and how their errors go together. Every tick of a window is an observation of
 * the powers' sum, weighted by who ran. Between windows powers drift; how much is weighed by what explains the window best.
 * The noise of a tick is learnt from what is left. Functions that don't run keep their figures, though their errors grow,
 * up to those of a function never seen; what their errors have in common with the others' stays known (Schmidt's filter).
 *
 * An update costs (ticks · functions that ran · functions known), at most: ticks of which there are more than functions
 * are first put together.
 */
export class BayesTracker implements Tracker {
  readonly #options: Required<BayesOptions>;
  watts: number[] = [];
  /** Deviation that was expected of it when it was new; -1 where nobody said. */
  #expected: number[] = [];
  /** As the filter has it: unbiased, so that it may be below zero. `watts` is the most probable state that isn't. */
  #mean: number[] = [];
  #covariance = new Covariance();
  /** Variance of a tick's noise, W². */
  #noise = 0;
  /** By how much more ticks that err alike count too much. */
  #inflation = 1;
  /** Mean power of a running invocation. */
  #scale = 0;
  #windows = 0;
  /** When the last window ended. */
  #end = 0;

  constructor(options: BayesOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  get errors(): number[] {
    return this.#mean.map((_, slot) => Math.sqrt(this.#covariance.variance(slot)));
  }

  errorOfSum(slots: readonly number[], weights: readonly number[]): number {
    let variance = 0;
    for (const [i, one] of slots.entries())
      for (const [j, other] of slots.entries())
        variance += (weights[i] ?? 0) * (weights[j] ?? 0) * this.#covariance.between(one, other);
    return Math.sqrt(Math.max(0, variance));
  }

  follow(evidence: Evidence, places: Places): void {
    this.#adaptScale(evidence);
    const elapsed = this.#elapsed(evidence);
    this.#drift(elapsed);
    this.#welcome(evidence, places);
    const unsure = this.#observe(observationsOf(evidence), places.slots, elapsed);
    this.#settle(places.slots);
    this.#learnNoise(evidence, places.slots, unsure);
    this.#windows++;
  }

  /** Seconds since the last window ended: more than this one's own where there was none in between, or one without work. */
  #elapsed({ seconds, end }: Evidence): number {
    const elapsed = this.#windows > 0 ? Math.max(seconds, end - this.#end) : seconds;
    this.#end = end;
    return elapsed;
  }

  #adaptScale({ wattsPerInvocation }: Evidence): void {
    if (!(wattsPerInvocation > 0)) return;
    const step = this.#scale > 0 ? 1 / MEMORY_WINDOWS : 1;
    this.#scale += step * (wattsPerInvocation - this.#scale);
  }

  get #usual(): number {
    return this.#scale > 0 ? this.#scale : UNKNOWN_SCALE_WATTS;
  }

  /** How large a function's power is, where its own figure is next to nothing. */
  #sizeOf(slot: number): number {
    const expected = this.#expected[slot] ?? -1;
    return expected < 0 ? this.#usual : expected;
  }

  /** Variance by which a function's power strays in a window. */
  #strayed(slot: number, seconds: number): number {
    const size = Math.max(this.watts[slot] ?? 0, LEAST_SCALE * this.#sizeOf(slot));
    return (this.#options.driftPerHour * size) ** 2 * (seconds / HOUR);
  }

  #drift(seconds: number): void {
    const { newcomerSpread } = this.#options;
    for (const [slot, watts] of this.watts.entries()) {
      const expected = this.#expected[slot] ?? -1;
      const unseen = expected < 0 ? newcomerSpread * this.#usual : expected;
      this.#covariance.spread(
        slot,
        this.#strayed(slot, seconds),
        Math.max(unseen, newcomerSpread * watts) ** 2,
      );
    }
  }

  #welcome({ wattsPerInvocation, expected }: Evidence, { slots, size }: Places): void {
    const usual = wattsPerInvocation || this.#usual;
    const told = new Map(Array.from(slots, (slot, column) => [slot, expected[column]]));
    for (let slot = this.#mean.length; slot < size; slot++) {
      const own = told.get(slot);
      this.#mean.push(own?.watts ?? usual);
      this.watts.push(own?.watts ?? usual);
      this.#expected.push(own?.spreadWatts ?? -1);
      this.#covariance.add((own?.spreadWatts ?? this.#options.newcomerSpread * usual) ** 2);
    }
  }

  /** Returns how much variance is left of the rows' sums, taken together. */
  #observe({ rows, target }: Observations, slots: Uint32Array, seconds: number): number {
    const expectation = multiply(
      rows,
      Float64Array.from(slots, (slot) => this.#mean[slot] ?? 0),
    );
    const innovation = target.map((value, row) => value - (expectation[row] ?? 0));
    if (this.#windows === 0) this.#noise = FIRST_NOISE ** 2 * meanSquare(target);
    const noise = this.#noise * this.#inflation;
    const projection = this.#covariance.project(rows, slots);
    const expected = projection.onRows.slice();
    for (let row = 0; row < rows.count; row++)
      expected[row * rows.count + row] = (expected[row * rows.count + row] ?? 0) + noise;
    const strayed = Float64Array.from(slots, (slot) => this.#strayed(slot, seconds));
    const surprise = weighChange(expected, spreadOnRows(rows, strayed), innovation);
    if (surprise === undefined) return 0;

    this.#loosen(projection, rows, slots, strayed, surprise.multiple - 1);
    const size = this.#mean.length;
    const w = surprise.factor.forwardRows(projection.onState, size);
    surprise.factor.forward(innovation);
    for (const slot of slots) {
      let move = 0;
      for (let row = 0; row < rows.count; row++) move += (w[row * size + slot] ?? 0) * (innovation[row] ?? 0);
      this.#mean[slot] = (this.#mean[slot] ?? 0) + move;
    }
    this.#covariance.reduce(w, rows.count, slots);
    const precision = surprise.factor.inverseDiagonal().reduce((sum, value) => sum + value, 0);
    return noise * (rows.count - noise * precision);
  }

  /** Lets the functions that ran have strayed by more than usual, in the covariance and in what was projected of it. */
  #loosen(
    { onState }: Projection,
    { count, rowStart, column, value }: SparseRows,
    slots: Uint32Array,
    strayed: Float64Array,
    multiple: number,
  ): void {
    if (multiple === 0) return;
    const size = this.#mean.length;
    for (const [c, slot] of slots.entries())
      this.#covariance.spread(slot, multiple * (strayed[c] ?? 0), Number.POSITIVE_INFINITY);
    for (let row = 0; row < count; row++) {
      for (let p = rowStart[row] ?? 0; p < (rowStart[row + 1] ?? 0); p++) {
        const c = column[p] ?? 0;
        const place = row * size + (slots[c] ?? 0);
        onState[place] = (onState[place] ?? 0) + multiple * (strayed[c] ?? 0) * (value[p] ?? 0);
      }
    }
  }

  #settle(slots: Uint32Array): void {
    const mean = Float64Array.from(slots, (slot) => this.#mean[slot] ?? 0);
    const figures = mostProbableNonNegative(mean, this.#covariance, slots);
    for (const [c, slot] of slots.entries()) this.watts[slot] = figures[c] ?? 0;
  }

  /** The noise that makes the window most probable, given where the powers are and how sure that is. */
  #learnNoise({ rows, watts }: Evidence, slots: Uint32Array, unsure: number): void {
    const predicted = multiply(
      rows,
      Float64Array.from(slots, (slot) => this.#mean[slot] ?? 0),
    );
    const residuals = watts.map((value, row) => value - (predicted[row] ?? 0));
    const noise = meanSquare(residuals) + unsure / rows.count;
    const step = Math.max(1 / (this.#windows + 2), 1 / MEMORY_WINDOWS);
    const least = 1e-12 * meanSquare(watts) || Number.MIN_VALUE;
    this.#noise = Math.max(least, this.#noise + step * (noise - this.#noise));
    this.#inflation += step * (autocorrelationInflation(residuals) - this.#inflation);
  }

  keep(slots: readonly number[]): void {
    this.watts = slots.map((slot) => this.watts[slot] ?? 0);
    this.#mean = slots.map((slot) => this.#mean[slot] ?? 0);
    this.#expected = slots.map((slot) => this.#expected[slot] ?? -1);
    this.#covariance.keep(slots);
  }

  toJSON(): unknown {
    return {
      watts: this.watts,
      mean: this.#mean,
      expected: this.#expected,
      covariance: this.#covariance.toArray(),
      noise: this.#noise,
      inflation: this.#inflation,
      scale: this.#scale,
      windows: this.#windows,
      end: this.#end,
    };
  }

  static from(state: SavedState, size: number, options?: BayesOptions): BayesTracker {
    const tracker = new BayesTracker(options);
    tracker.watts = state.numbers('watts', size, 0);
    tracker.#mean = state.numbers('mean', size);
    tracker.#expected = state.numbers('expected', size, -1);
    tracker.#covariance = Covariance.from(state.numbers('covariance', (size * (size + 1)) / 2), size);
    tracker.#noise = state.number('noise', 0);
    tracker.#inflation = state.number('inflation', 1);
    tracker.#scale = state.number('scale', 0);
    tracker.#windows = state.number('windows', 0);
    tracker.#end = state.number('end');
    return tracker;
  }
}

const meanSquare = (values: Float64Array): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value * value, 0) / values.length;
