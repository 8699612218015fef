import { type Estimate, median, robustDeviation } from './statistics.js';

/** A straight line `y = slope · x + offset` through points of which some may be wild. */
export interface RobustLine {
  readonly slope: Estimate;
  readonly offset: Estimate;
  /** How slope and offset err together; for the error of a figure that the line gives. */
  readonly covariance: number;
  /** Deviation of the points from the line, outliers aside. */
  readonly deviation: number;
  /** Points that hardly counted. */
  readonly outliers: number;
  readonly count: number;
}

/** Slopes are taken between so many points at most, spread evenly over all: it bounds the work at half a million pairs. */
const MAX_POINTS_FOR_PAIRS = 1000;
/** Tukey's biweight: 95 % as sure as least squares where the noise is normal, and blind beyond 4.685 deviations. */
const BLIND_BEYOND = 4.685;
const ROUNDS = 50;

/** The median slope between pairs of points (Theil and Sen): up to 29 % of the points may be anywhere. */
function medianSlope(x: readonly number[], y: readonly number[]): number {
  const stride = Math.max(1, Math.ceil(x.length / MAX_POINTS_FOR_PAIRS));
  const picked = x.map((_, i) => i).filter((i) => i % stride === 0);
  const slopes: number[] = [];
  for (const [place, i] of picked.entries()) {
    for (const j of picked.slice(place + 1)) {
      const run = (x[j] ?? 0) - (x[i] ?? 0);
      if (run !== 0) slopes.push(((y[j] ?? 0) - (y[i] ?? 0)) / run);
    }
  }
  return median(slopes);
}

interface Moments {
  readonly total: number;
  readonly meanX: number;
  readonly meanY: number;
  readonly spread: number;
  readonly slope: number;
}

function weighted(x: readonly number[], y: readonly number[], weights: readonly number[]): Moments {
  let [total, meanX, meanY, spread, across] = [0, 0, 0, 0, 0];
  for (const [i, weight] of weights.entries()) {
    total += weight;
    meanX += weight * (x[i] ?? 0);
    meanY += weight * (y[i] ?? 0);
  }
  meanX /= total;
  meanY /= total;
  for (const [i, weight] of weights.entries()) {
    spread += weight * ((x[i] ?? 0) - meanX) ** 2;
    across += weight * ((x[i] ?? 0) - meanX) * ((y[i] ?? 0) - meanY);
  }
  return { total, meanX, meanY, spread, slope: across / spread };
}

/**
 * Starts from the median slope, which no minority can carry away, and improves on it with weights that fall to nothing
 * for points far from the line. Neighbouring points that err alike count for less. Undefined when `x` does not vary.
 */
export function robustLine(x: readonly number[], y: readonly number[]): RobustLine | undefined {
  const count = Math.min(x.length, y.length);
  if (count < 3) return undefined;
  let slope = medianSlope(x, y);
  if (!Number.isFinite(slope)) return undefined;
  let offset = median(y.map((value, i) => value - slope * (x[i] ?? 0)));
  const residuals = (): number[] => y.map((value, i) => value - offset - slope * (x[i] ?? 0));
  const size = Math.max(...y.map(Math.abs), Number.MIN_VALUE);
  const deviation = Math.max(robustDeviation(residuals(), 0), size * 1e-12);
  const weigh = (residual: number): number =>
    Math.abs(residual) >= BLIND_BEYOND * deviation
      ? 0
      : (1 - (residual / (BLIND_BEYOND * deviation)) ** 2) ** 2;

  let moments: Moments | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const next = weighted(x, y, residuals().map(weigh));
    if (!(next.spread > 0)) break;
    moments = next;
    const change = Math.abs(next.slope - slope);
    slope = next.slope;
    offset = next.meanY - slope * next.meanX;
    if (change <= 1e-10 * Math.abs(slope)) break;
  }
  if (moments === undefined) return undefined;

  const rest = residuals();
  const kept = rest.filter((residual) => weigh(residual) > 0);
  const variance = kept.reduce((sum, residual) => sum + residual ** 2, 0) / Math.max(1, kept.length - 2);
  const inflation = (variance * (1 + memoryOf(kept))) / (1 - memoryOf(kept));
  const slopeVariance = inflation / moments.spread;
  const offsetVariance = inflation / moments.total + moments.meanX ** 2 * slopeVariance;
  return {
    slope: { value: slope, standardError: Math.sqrt(slopeVariance) },
    offset: { value: offset, standardError: Math.sqrt(offsetVariance) },
    covariance: -moments.meanX * slopeVariance,
    deviation: Math.sqrt(variance),
    outliers: rest.filter((residual) => weigh(residual) < 0.1).length,
    count,
  };
}

/** How like a residual is to the one before, from 0 to just below 1. */
function memoryOf(values: readonly number[]): number {
  let [along, next] = [0, 0];
  for (const [i, value] of values.entries()) {
    along += value ** 2;
    if (i > 0) next += value * (values[i - 1] ?? 0);
  }
  return along > 0 ? Math.min(0.99, Math.max(0, next / along)) : 0;
}
