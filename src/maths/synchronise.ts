import { LaggedCorrelation, type Part } from './lagged-correlation.js';
import { averaged, cleaned, type PowerSeries, usualInterval } from './series.js';

export interface SynchroniseOptions {
  /** Lags beyond this many seconds, either way, are not looked for. */
  readonly maxLagSeconds?: number;
  /** Below this correlation two signals are held to have nothing to do with each other. */
  readonly minCorrelation?: number;
}

/** How late the second of two power signals comes, or why that can't be said. */
export type Synchronisation =
  | {
      readonly determined: true;
      /** Positive when the second comes late: what the first shows at `t`, the second shows at `t + lagSeconds`. */
      readonly lagSeconds: number;
      /** One standard error of the lag. */
      readonly resolutionSeconds: number;
      /** Of the two signals once the lag is undone; at most 1. */
      readonly correlation: number;
    }
  | { readonly determined: false; readonly reason: string };

export const DEFAULT_MAX_LAG_SECONDS = 20;
const DEFAULT_MIN_CORRELATION = 0.3;
const MIN_PAIRS = 30;
/** A correlation must be this many standard deviations above chance, since it is the best of many lags. */
const CHANCE_DEVIATIONS = 4.5;
/** Another peak is a rival when it is nearly as high as the best, or the data prefer the best by less than 3 deviations. */
const RIVAL_RATIO = 0.97;
const RIVAL_LOG_LIKELIHOOD = 4.5;
/** It is a peak of its own only if the valley before it is this deep, as a part of the best. */
const RIVAL_VALLEY = 0.1;
const LAG_TOLERANCE_SECONDS = 1e-3;
/** For its error a lag is found again in each of so many parts, within so many steps of the search. */
const PARTS = 6;
const PART_REACH = 10;
/** Samples closer than this part of the longest lag are averaged: it bounds the work, and costs little resolution. */
const FINEST_PART = 1 / 200;
/** Signals whose sampling intervals differ by less than this factor are compared both ways. */
const ALIKE_INTERVALS = 1.5;
/** What happens within a sample is not known: no lag is better known than this part of one. */
const SAMPLE_PART = 0.1;

const undetermined = (reason: string): Synchronisation => ({ determined: false, reason });

function isFlat({ samples }: PowerSeries): boolean {
  let [low, high, size] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { watts } of samples) {
    low = Math.min(low, watts);
    high = Math.max(high, watts);
    size = Math.max(size, Math.abs(watts));
  }
  return !(high - low > 1e-9 * size);
}

interface Peak {
  readonly lag: number;
  readonly correlation: number;
}

/** Correlations over the whole search; lags at which the signals hardly overlap are left out. */
function scan(correlation: LaggedCorrelation, maxLag: number, step: number): Peak[] {
  const steps = Math.ceil(maxLag / step);
  const all = Array.from({ length: 2 * steps + 1 }, (_, i) => {
    const lag = ((i - steps) * maxLag) / steps;
    return { lag, ...correlation.at(lag) };
  });
  const most = Math.max(...all.map(({ pairs }) => pairs));
  return all.filter(({ pairs }) => pairs >= Math.max(MIN_PAIRS, most / 2));
}

function highest(course: readonly Peak[]): Peak | undefined {
  let best = course[0];
  for (const point of course) if (point.correlation > (best?.correlation ?? 0)) best = point;
  return best;
}

/** The highest point that lies beyond a deep valley from the best one: the peak of another lag. */
function rivalOf(course: readonly Peak[], best: Peak): Peak | undefined {
  let rival: Peak | undefined;
  const place = course.indexOf(best);
  for (const side of [course.slice(0, place).reverse(), course.slice(place + 1)]) {
    let valley = best.correlation;
    for (const point of side) {
      valley = Math.min(valley, point.correlation);
      const own = point.correlation - valley > RIVAL_VALLEY * best.correlation;
      if (own && point.correlation > (rival?.correlation ?? 0)) rival = point;
    }
  }
  return rival;
}

/** The lag within `reach` of `from` at which the correlation is highest (golden section). */
function climb(correlation: LaggedCorrelation, from: number, reach: number, part?: Part): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  const height = (lag: number): number => correlation.at(lag, part).correlation;
  let [low, high] = [from - reach, from + reach];
  let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [atA, atB] = [height(a), height(b)];
  while (high - low > LAG_TOLERANCE_SECONDS) {
    if (atA >= atB) {
      [high, b, atB] = [b, a, atA];
      a = high - ratio * (high - low);
      atA = height(a);
    } else {
      [low, a, atA] = [a, b, atB];
      b = low + ratio * (high - low);
      atB = height(b);
    }
  }
  return (low + high) / 2;
}

/**
 * One standard error of a lag, from how much the parts of the signal, each on its own, disagree. The sharpness of the
 * peak would promise too much: steps of power make it a corner rather than a curve, and noise moves the corner.
 */
function standardError(correlation: LaggedCorrelation, lag: number, reach: number): number {
  const around = Array.from({ length: 2 * PART_REACH + 1 }, (_, i) => lag + (i - PART_REACH) * reach);
  const lags = correlation.parts(PARTS).map((part) => {
    const best = highest(around.map((place) => ({ lag: place, ...correlation.at(place, part) })));
    return best === undefined ? lag : climb(correlation, best.lag, reach, part);
  });
  const squares = lags.reduce((sum, value) => sum + (value - lag) ** 2, 0);
  return Math.sqrt(squares / (PARTS - 1) / PARTS);
}

/** Why these two can't be compared at all, if they can't. */
function obstacle(a: PowerSeries, b: PowerSeries, maxLag: number): string | undefined {
  if (Math.min(a.samples.length, b.samples.length) < MIN_PAIRS)
    return `too short: ${MIN_PAIRS} samples of each signal are needed`;
  const start = Math.max(a.samples[0]?.at ?? 0, b.samples[0]?.at ?? 0);
  const common = Math.min(a.samples.at(-1)?.at ?? 0, b.samples.at(-1)?.at ?? 0) - start;
  if (common < 2 * maxLag) {
    const seconds = Math.max(0, common).toFixed(1);
    return `too short: ${seconds} s in common, ${2 * maxLag} s are needed to look for lags up to ${maxLag} s`;
  }
  if (isFlat(a)) return 'the first signal is flat';
  return isFlat(b) ? 'the second signal is flat' : undefined;
}

/** How late the coarser of two signals comes. */
function lagOfCoarse(
  fine: PowerSeries,
  sampled: PowerSeries,
  { maxLagSeconds = DEFAULT_MAX_LAG_SECONDS, minCorrelation = DEFAULT_MIN_CORRELATION }: SynchroniseOptions,
): Synchronisation {
  const finest = maxLagSeconds * FINEST_PART;
  const coarse = usualInterval(sampled) < finest ? averaged(sampled, finest) : sampled;
  const reach = usualInterval(coarse) / 2;
  const correlation = new LaggedCorrelation(fine, coarse);
  const course = scan(correlation, maxLagSeconds, reach);
  const best = highest(course);
  if (best === undefined) return undetermined(`too short: fewer than ${MIN_PAIRS} samples overlap`);

  const { forChance, forLag } = correlation.independentPairs(best.lag);
  const chance = Math.tanh(CHANCE_DEVIATIONS / Math.sqrt(Math.max(1, forChance - 3)));
  const threshold = Math.max(minCorrelation, chance);
  if (best.correlation < threshold) {
    return undetermined(
      `no common movement: the best correlation is ${best.correlation.toFixed(2)}, ${threshold.toFixed(2)} would tell it from chance`,
    );
  }
  if (best === course[0] || best === course.at(-1))
    return undetermined(`the best lag lies at the edge of the search (${maxLagSeconds} s) or beyond it`);

  let lag = climb(correlation, best.lag, reach);
  const peak = correlation.at(lag).correlation;
  const rival = rivalOf(course, best);
  if (rival !== undefined) {
    const preference = (forLag / 2) * Math.log((1 - rival.correlation ** 2) / Math.max(1e-12, 1 - peak ** 2));
    if (rival.correlation > RIVAL_RATIO * peak || preference < RIVAL_LOG_LIKELIHOOD) {
      const apart = Math.abs(rival.lag - lag).toFixed(1);
      return undetermined(
        `ambiguous: lags ${apart} s apart fit about equally well, as a repeating load makes them`,
      );
    }
  }
  let error = Math.hypot(standardError(correlation, lag, reach), SAMPLE_PART * usualInterval(fine));
  if (usualInterval(coarse) < ALIKE_INTERVALS * usualInterval(fine)) {
    // Neither is the finer one: what interpolation does to one way round it does to the other with the opposite sign.
    const reverse = -climb(new LaggedCorrelation(coarse, fine), -lag, reach);
    error = Math.hypot(error, (lag - reverse) / 2);
    lag = (lag + reverse) / 2;
  }
  return { determined: true, lagSeconds: lag, resolutionSeconds: error, correlation: Math.min(1, peak) };
}

/**
 * How late `second` comes after `first`, by where their movements agree best. Neither scale nor offset matters, nor that
 * they are sampled at different and irregular times.
 */
export function synchronise(
  first: PowerSeries,
  second: PowerSeries,
  options: SynchroniseOptions = {},
): Synchronisation {
  const [a, b] = [cleaned(first), cleaned(second)];
  const reason = obstacle(a, b, options.maxLagSeconds ?? DEFAULT_MAX_LAG_SECONDS);
  if (reason !== undefined) return undetermined(reason);
  if (usualInterval(b) >= usualInterval(a)) return lagOfCoarse(a, b, options);
  const found = lagOfCoarse(b, a, options);
  return found.determined ? { ...found, lagSeconds: 0 - found.lagSeconds } : found;
}
