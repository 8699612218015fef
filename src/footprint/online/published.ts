import { median, multiply, normalEquations } from '../../maths/index.js';
import { leastSquares } from './least-squares.js';
import type { PublishedOptions } from './online.js';
import type { SavedState } from './saved-state.js';
import type { Places, Tracker } from './tracker.js';
import type { Evidence } from './window.js';

const DEFAULTS = { alpha: 0.8, beta: 0.2, gamma: 0.1, measurementNoise: 0.2 } as const;

/**
 * The Kalman-guided update as published for FaasMeter. With X̂ the least squares of the window alone, h the invocations of
 * each function in it, v the deviation of its latency and W̄ the window's mean power:
 *
 *     X⁻ = α·X + β·X̂            P⁻ = (α·P + γ·v)·(1 + change of workload)
 *     K  = P⁻h / (hᵀP⁻h + r)    r  = measurementNoise / √seconds
 *     X  = X⁻ + K·(W̄ − mean(C·X⁻))    P = (1 − K·h)·P⁻    with P diagonal
 *
 * for the functions that ran; the others stay as they were. The first window gives X̂ alone, and should be longer.
 *
 * Taken from the paper and its artifact: the equations, the parameters' values, that the measurement's noise falls with
 * the window's length, the change of workload as the distance between the shares of invocations now and so far. Ours:
 * the artifact adds γ times a random number to X⁻, whose mean is 0, which is left out; it has noise by length and change
 * of workload in a simpler filter beside this one, both stand in this one here; X is held at 0 or above; a function's v
 * is that of its latest window; a function that is new starts with its X̂ or, where that is smaller than its standard
 * error, with the mean power of a running invocation (the artifact knows all functions beforehand).
 */
export class PublishedTracker implements Tracker {
  readonly #options: Required<PublishedOptions>;
  watts: number[] = [];
  /** P, by slot. */
  #uncertainty: number[] = [];
  /** v, by slot; NaN while nobody has said. */
  #deviation: number[] = [];
  /** Mean share of the invocations over the windows so far, by slot. */
  #workload: number[] = [];
  #windows = 0;

  constructor(options: PublishedOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  follow(evidence: Evidence, { slots, size }: Places): void {
    const known = this.watts.length;
    const { x, errors } = leastSquares(normalEquations(evidence.rows, evidence.watts));
    while (this.watts.length < size) {
      this.watts.push(0);
      this.#uncertainty.push(0);
      this.#deviation.push(Number.NaN);
      this.#workload.push(0);
    }
    for (const [column, slot] of slots.entries()) {
      const deviation = evidence.latencyDeviation[column] ?? Number.NaN;
      if (deviation >= 0) this.#deviation[slot] = deviation;
      if (slot < known) continue;
      const own = x[column] ?? 0;
      const told = own > (errors[column] ?? Number.POSITIVE_INFINITY);
      this.watts[slot] = told || this.#windows === 0 ? own : evidence.wattsPerInvocation;
    }
    const shares = this.#shares(evidence, slots);
    if (this.#windows > 0) this.#correct(evidence, slots, x, 1 + this.#change(shares));
    for (const [slot, share] of shares.entries())
      this.#workload[slot] = ((this.#workload[slot] ?? 0) * this.#windows + share) / (this.#windows + 1);
    this.#windows++;
  }

  #correct(
    { rows, watts, invocations, seconds }: Evidence,
    slots: Uint32Array,
    own: Float64Array,
    change: number,
  ): void {
    const { alpha, beta, gamma, measurementNoise } = this.#options;
    const before = Float64Array.from(
      slots,
      (slot, column) => alpha * (this.watts[slot] ?? 0) + beta * (own[column] ?? 0),
    );
    const usual = median(this.#deviation.filter((value) => value >= 0));
    const uncertain = Float64Array.from(slots, (slot) => {
      // A function of whose latency nobody speaks is taken for a usual one; where nobody speaks of any, there's no correction.
      const deviation = [this.#deviation[slot] ?? Number.NaN, usual, 0].find((value) => value >= 0) ?? 0;
      return (alpha * (this.#uncertainty[slot] ?? 0) + gamma * deviation) * change;
    });
    const mean = (values: Float64Array): number =>
      values.reduce((total, value) => total + value, 0) / values.length;
    const innovation = mean(watts) - mean(multiply(rows, before));
    let expected = measurementNoise / Math.sqrt(seconds);
    for (const [column, count] of invocations.entries()) expected += count * count * (uncertain[column] ?? 0);
    let explained = 0;
    for (const [column, slot] of slots.entries()) {
      const count = invocations[column] ?? 0;
      const gain = ((uncertain[column] ?? 0) * count) / expected;
      explained += gain * count;
      this.watts[slot] = Math.max(0, (before[column] ?? 0) + gain * innovation);
    }
    for (const [column, slot] of slots.entries())
      this.#uncertainty[slot] = Math.max(0, 1 - explained) * (uncertain[column] ?? 0);
  }

  /** By slot: the part of the window's invocations. */
  #shares({ invocations }: Evidence, slots: Uint32Array): number[] {
    const total = invocations.reduce((sum, count) => sum + count, 0);
    const shares = this.watts.map(() => 0);
    for (const [column, slot] of slots.entries())
      shares[slot] = total > 0 ? (invocations[column] ?? 0) / total : 0;
    return shares;
  }

  /** How far the shares are from those so far. */
  #change(shares: readonly number[]): number {
    const total = this.#workload.reduce((sum, share) => sum + share, 0);
    if (total === 0) return 0;
    return Math.hypot(...shares.map((share, slot) => (this.#workload[slot] ?? 0) / total - share));
  }

  keep(slots: readonly number[]): void {
    const kept = (values: readonly number[]): number[] => slots.map((slot) => values[slot] ?? 0);
    this.watts = kept(this.watts);
    this.#uncertainty = kept(this.#uncertainty);
    this.#deviation = kept(this.#deviation);
    this.#workload = kept(this.#workload);
  }

  toJSON(): unknown {
    return {
      watts: this.watts,
      uncertainty: this.#uncertainty,
      deviation: this.#deviation.map((value) => (Number.isNaN(value) ? -1 : value)),
      workload: this.#workload,
      windows: this.#windows,
    };
  }

  static from(state: SavedState, size: number, options?: PublishedOptions): PublishedTracker {
    const tracker = new PublishedTracker(options);
    tracker.watts = state.numbers('watts', size, 0);
    tracker.#uncertainty = state.numbers('uncertainty', size, 0);
    tracker.#deviation = state
      .numbers('deviation', size, -1)
      .map((value) => (value < 0 ? Number.NaN : value));
    tracker.#workload = state.numbers('workload', size, 0);
    tracker.#windows = state.number('windows', 0);
    return tracker;
  }
}
