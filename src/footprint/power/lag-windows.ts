import { median, type PowerSeries, shift, synchronise } from '../../maths/index.js';

/** The lag as it was found in one window of time, on the clock of the reference. */
export interface LagPoint {
  /** The window's middle. */
  readonly at: number;
  readonly lagSeconds: number;
  readonly errorSeconds: number;
}

/** Shorter windows seldom hold enough changes of power to tell a lag. */
const LEAST_WINDOW_SECONDS = 180;
/** Longer records get longer windows: it bounds the work, and no clock drifts far in a sixtieth of its record. */
const MOST_WINDOWS = 60;
/** In terms of the longest lag that is looked for: less would not hold it. */
const LEAST_LAGS = 6;

/** So many lags say what it was last: one of them may be wrong. */
const LAST = 3;

/** Where the lag is to be looked for. */
export interface LagSpan {
  readonly from: number;
  readonly until: number;
  readonly maxLagSeconds: number;
}

const windowSeconds = ({ from, until, maxLagSeconds }: LagSpan): number =>
  Math.max(LEAST_WINDOW_SECONDS, LEAST_LAGS * maxLagSeconds, (until - from) / MOST_WINDOWS);

/** How late `power` comes after `reference`, window by window; those that can't tell are left out. */
export function lagPoints(reference: PowerSeries, power: PowerSeries, span: LagSpan): LagPoint[] {
  const { until, maxLagSeconds } = span;
  const seconds = windowSeconds(span);
  const points: LagPoint[] = [];
  for (let start = span.from; start + seconds <= until + 1e-9; start += seconds) {
    // A clock may drift far in a long record: the lag is looked for around what it was last.
    const centre = points.length === 0 ? 0 : median(points.slice(-LAST).map(({ lagSeconds }) => lagSeconds));
    const [from, to] = [start + centre - maxLagSeconds, start + centre + seconds + maxLagSeconds];
    const found = synchronise(
      between(reference, start, start + seconds),
      shift(between(power, from, to), centre),
      { maxLagSeconds },
    );
    if (!found.determined) continue;
    points.push({
      at: start + seconds / 2,
      lagSeconds: centre + found.lagSeconds,
      errorSeconds: found.resolutionSeconds,
    });
  }
  return points;
}

function between({ samples, sampling }: PowerSeries, from: number, to: number): PowerSeries {
  return { sampling, samples: samples.slice(firstFrom(samples, from), firstFrom(samples, to)) };
}

/** The place of the first sample at or after a time. */
function firstFrom(samples: PowerSeries['samples'], time: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.at ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
