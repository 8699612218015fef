import type { SavedState } from './saved-state.js';

/** What a window says of the machine as a whole, by tick. */
export interface CurveEvidence {
  /** Processors kept busy, or calls that ran. */
  readonly load: Float64Array;
  /** The part of the tick in which any function ran. */
  readonly presence: Float64Array;
  /** Power beyond idle; NaN where unknown. */
  readonly watts: Float64Array;
  readonly tickSeconds: number;
}

/** The load at which one more adds half as much as the first: candidates. Infinity is a straight line. */
const HALF_LOADS: readonly number[] = [
  Number.POSITIVE_INFINITY,
  ...Array.from({ length: 15 }, (_, i) => 2 ** (12 - i)),
];
/** What was seen longer ago counts e times less: the machine's own ways change slowly. */
const MEMORY_SECONDS = 1200;
/** By how much a stronger bend must explain better, in natural logarithms of likelihood: else it is noise. */
const DOUBT = 3;
/** Where the load never changes floor and work can't be told apart: then they share alike. */
const RIDGE = 1e-6;
/** Residuals below this part of the power are rounding. */
const EXACT = 1e-9;

/** g(load) for a floor and slope of 1: never steeper than at no load. */
const bent = (halfLoad: number, load: number): number =>
  halfLoad === Number.POSITIVE_INFINITY
    ? load
    : (-Math.expm1((-Math.LN2 * load) / halfLoad) * halfLoad) / Math.LN2;

interface Solution {
  readonly floorWatts: number;
  readonly slopeWatts: number;
  readonly square: number;
}

/**
 * What a machine draws beyond idle: a floor as soon as anyone is there, and a course over the load that flattens. Both are
 * learnt from sums that forget, one set a candidate of the bend; the bend that explains them best counts.
 */
export class MachineCurve {
  /** Sums over ticks: presence², presence · watts, watts², ticks. */
  #common: number[] = [0, 0, 0, 0];
  /** By candidate: presence · g, g², g · watts. */
  #own: number[][] = HALF_LOADS.map(() => [0, 0, 0]);
  #halfLoad = Number.POSITIVE_INFINITY;
  floorWatts = 0;
  #slopeWatts = 0;

  /** Watts of a load beyond idle and floor. */
  watts(load: number): number {
    return this.#slopeWatts * bent(this.#halfLoad, load);
  }

  /** Watts of one unit of a load, on average. */
  meanWatts(load: number): number {
    return load > 0 ? this.watts(load) / load : this.#slopeWatts;
  }

  follow({ load, presence, watts, tickSeconds }: CurveEvidence): void {
    const counted = Array.from(watts.keys()).filter(
      (tick) => Number.isFinite(watts[tick]) && (presence[tick] ?? 0) > 0,
    );
    if (counted.length === 0) return;
    const kept = Math.exp((-counted.length * tickSeconds) / MEMORY_SECONDS);
    this.#common = this.#common.map((sum) => sum * kept);
    this.#own = this.#own.map((sums) => sums.map((sum) => sum * kept));
    for (const tick of counted) {
      const [here, seen, busy] = [presence[tick] ?? 0, watts[tick] ?? 0, load[tick] ?? 0];
      addTo(this.#common, [here * here, here * seen, seen * seen, 1]);
      for (const [i, sums] of this.#own.entries()) {
        const g = bent(HALF_LOADS[i] ?? 0, busy);
        addTo(sums, [here * g, g * g, g * seen]);
      }
    }
    this.#choose();
  }

  #choose(): void {
    const [, , energy = 0, ticks = 0] = this.#common;
    let best: (Solution & { readonly halfLoad: number }) | undefined;
    for (const [i, halfLoad] of HALF_LOADS.entries()) {
      const solution = this.#solve(i);
      const better = (ticks / 2) * Math.log((best?.square ?? 0) / solution.square);
      if (best === undefined || better > (best.halfLoad === Number.POSITIVE_INFINITY ? DOUBT : 0))
        best = { ...solution, halfLoad };
    }
    if (best === undefined || !(energy > 0)) return;
    [this.floorWatts, this.#slopeWatts, this.#halfLoad] = [best.floorWatts, best.slopeWatts, best.halfLoad];
  }

  /** Least squares of floor and slope, neither below zero. */
  #solve(candidate: number): Solution {
    const [aa = 0, ay = 0, yy = 0] = this.#common;
    const [ab = 0, bb = 0, by = 0] = this.#own[candidate] ?? [];
    const [a, b] = [aa * (1 + RIDGE), bb * (1 + RIDGE)];
    const determinant = a * b - ab * ab;
    let floorWatts = determinant > 0 ? (b * ay - ab * by) / determinant : 0;
    let slopeWatts = determinant > 0 ? (a * by - ab * ay) / determinant : 0;
    if (!(floorWatts > 0)) [floorWatts, slopeWatts] = [0, b > 0 ? Math.max(0, by / b) : 0];
    if (!(slopeWatts > 0)) [floorWatts, slopeWatts] = [a > 0 ? Math.max(0, ay / a) : 0, 0];
    const square =
      yy -
      2 * (floorWatts * ay + slopeWatts * by) +
      floorWatts * floorWatts * aa +
      2 * floorWatts * slopeWatts * ab +
      slopeWatts * slopeWatts * bb;
    return { floorWatts, slopeWatts, square: Math.max(square, EXACT * yy, Number.MIN_VALUE) };
  }

  toJSON(): unknown {
    return { common: this.#common, own: this.#own.flat() };
  }

  static from(state: SavedState): MachineCurve {
    const curve = new MachineCurve();
    curve.#common = state.numbers('common', 4);
    const own = state.numbers('own', 3 * HALF_LOADS.length);
    curve.#own = HALF_LOADS.map((_, i) => own.slice(3 * i, 3 * i + 3));
    curve.#choose();
    return curve;
  }
}

function addTo(sums: number[], values: readonly number[]): void {
  for (const [i, value] of values.entries()) sums[i] = (sums[i] ?? 0) + value;
}
