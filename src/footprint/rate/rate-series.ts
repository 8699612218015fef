import { ErrorCode, WattloopError } from '../../errors/index.js';

/** What holds from one point on until the next. */
export interface RatePoints {
  /** Seconds, ascending: since 1970, or since whatever the energy's ticks count from. */
  readonly t: ArrayLike<number>;
  /** Amount per kWh from that moment on; NaN where it isn't known. */
  readonly perKilowattHour: ArrayLike<number>;
}

/** How a rate fills the ticks of an account. */
export interface RateTicks {
  /** Mean over the part of each tick that the series covers; NaN where it covers none of it. */
  readonly perKilowattHour: Float64Array;
  /** Which part of each tick that is, 0 to 1. */
  readonly covered: Float64Array;
}

function bad(message: string, remedy: string): WattloopError {
  return new WattloopError(ErrorCode.badInput, message, { remedy });
}

function checked({ t, perKilowattHour }: RatePoints): void {
  if (t.length === 0) throw bad('a series of rates has no point', 'Give at least one');
  if (t.length !== perKilowattHour.length)
    throw bad(`${t.length} moments but ${perKilowattHour.length} rates`, 'Give one rate a moment');
  for (let i = 0; i < t.length; i++) {
    const at = t[i] ?? Number.NaN;
    if (!Number.isFinite(at)) throw bad(`point ${i + 1} has no time`, 'Give every rate a time in seconds');
    if (i > 0 && at <= (t[i - 1] ?? 0))
      throw bad(`point ${i + 1} is not later than the one before`, 'Give the points in order of time');
    const rate = perKilowattHour[i] ?? Number.NaN;
    // NaN is a rate that isn't known; nothing else may be.
    if (rate < 0 || Math.abs(rate) === Number.POSITIVE_INFINITY)
      throw bad(`point ${i + 1} has the rate ${rate}`, 'Rates are 0 or more');
  }
}

/** The gap between points that half of the gaps don't exceed: how long the last point may be taken to hold. */
function usualGap(t: Float64Array): number | undefined {
  const gaps = t.subarray(1).map((at, index) => at - (t[index] ?? at));
  return gaps.sort()[Math.floor((gaps.length - 1) / 2)];
}

/**
 * Grams or money per kWh over time. A rate holds from its point until the next one, as grids and markets publish it; the
 * last one holds for `lastHoldsSeconds`. Outside that span the rate is not known: nothing is extrapolated, and whoever
 * multiplies by it is told how much energy was left out.
 */
export class RateSeries {
  readonly t: Float64Array;
  readonly perKilowattHour: Float64Array;
  /** Where the last point ceases to hold. */
  readonly end: number;

  /** `lastHoldsSeconds` is the usual gap between points when not given; a single point has none, so it must be given. */
  constructor(points: RatePoints, lastHoldsSeconds?: number) {
    checked(points);
    this.t = Float64Array.from(points.t);
    this.perKilowattHour = Float64Array.from(points.perKilowattHour);
    const holds = lastHoldsSeconds ?? usualGap(this.t);
    if (holds === undefined || !(holds > 0)) {
      throw bad(
        'a single rate does not say how long it holds',
        'Give a second point, say how long it holds, or use a constant instead',
      );
    }
    this.end = (this.t.at(-1) ?? 0) + holds;
  }

  get start(): number {
    return this.t[0] ?? this.end;
  }

  /** The rate at a moment, undefined where it isn't known. */
  at(seconds: number): number | undefined {
    if (!(seconds >= this.start && seconds < this.end)) return undefined;
    let [low, high] = [0, this.t.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.t[middle] ?? Number.POSITIVE_INFINITY) <= seconds) low = middle;
      else high = middle;
    }
    const rate = this.perKilowattHour[low];
    return rate === undefined || Number.isNaN(rate) ? undefined : rate;
  }

  /** The rate in each of `count` ticks from `start` on: one walk along both, whatever their lengths. */
  ticks(start: number, tickSeconds: number, count: number): RateTicks {
    const perKilowattHour = new Float64Array(count);
    const covered = new Float64Array(count);
    let point = 0;
    for (let tick = 0; tick < count; tick++) {
      const [from, to] = [start + tick * tickSeconds, start + (tick + 1) * tickSeconds];
      while (point + 1 < this.t.length && (this.t[point + 1] ?? 0) <= from) point++;
      let [seconds, sum] = [0, 0];
      for (let i = point; i < this.t.length && (this.t[i] ?? to) < to; i++) {
        const rate = this.perKilowattHour[i] ?? Number.NaN;
        if (Number.isNaN(rate)) continue;
        const overlap = Math.min(to, this.t[i + 1] ?? this.end) - Math.max(from, this.t[i] ?? from);
        if (overlap <= 0) continue;
        seconds += overlap;
        sum += rate * overlap;
      }
      perKilowattHour[tick] = seconds > 0 ? sum / seconds : Number.NaN;
      covered[tick] = Math.min(1, seconds / (to - from));
    }
    return { perKilowattHour, covered };
  }
}
