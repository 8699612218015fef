/** The value below which the part `q` (0 to 1) of sorted values lies, between two of them in proportion. NaN when there is none. */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  const place = Math.min(Math.max(q, 0), 1) * (sorted.length - 1);
  const low = Math.floor(place);
  const below = sorted[low] ?? Number.NaN;
  const above = sorted[low + 1] ?? below;
  return below + (above - below) * (place - low);
}

export const sorted = (values: Iterable<number>): Float64Array => Float64Array.from(values).sort();

export const median = (values: Iterable<number>): number => quantileSorted(sorted(values), 0.5);

/** The standard deviation of normal noise whose median absolute deviation is that of the values; blind to outliers. */
export function robustDeviation(values: readonly number[], centre = median(values)): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}

/** A figure and one standard error of it. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** Standard error of `y`. */
  readonly error: number;
}

export interface Line {
  readonly slope: Estimate;
  /** The height at `centre`, where it does not depend on the slope. */
  readonly level: Estimate;
  readonly centre: number;
}

/**
 * The straight line through three or more points, each counted by its error. Where the points scatter more than their
 * errors explain, the line's errors grow with the scatter. Undefined when the points don't span a line.
 */
export function weightedLine(points: readonly LinePoint[]): Line | undefined {
  if (points.length < 3) return undefined;
  const floor = Math.max(...points.map(({ error }) => error)) * 1e-3 || 1;
  const weights = points.map(({ error }) => 1 / Math.max(error, floor) ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (of: (point: LinePoint) => number): number =>
    points.reduce((sum, point, i) => sum + (weights[i] ?? 0) * of(point), 0) / total;
  const centre = mean(({ x }) => x);
  const height = mean(({ y }) => y);
  const spread = mean(({ x }) => (x - centre) ** 2);
  if (!(spread > 0)) return undefined;
  const slope = mean(({ x, y }) => (x - centre) * (y - height)) / spread;
  const scatter =
    (total * mean(({ x, y }) => (y - height - slope * (x - centre)) ** 2)) / (points.length - 2);
  const inflation = Math.sqrt(Math.max(1, scatter));
  return {
    slope: { value: slope, standardError: inflation / Math.sqrt(total * spread) },
    level: { value: height, standardError: inflation / Math.sqrt(total) },
    centre,
  };
}

const HUBER = 1.345;

/**
 * The mean of values of which some may be far off: those count less (Huber). Its error is that of the mean of normal noise,
 * and 5 % more. NaN when there is none.
 */
export function robustMean(values: readonly number[]): Estimate {
  let centre = median(values);
  const deviation = robustDeviation(values, centre);
  const weigh = (value: number): number => Math.min(1, (HUBER * deviation) / Math.abs(value - centre) || 1);
  for (let round = 0; round < 50 && deviation > 0; round++) {
    const weights = values.map(weigh);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const next = values.reduce((sum, value, i) => sum + (weights[i] ?? 0) * value, 0) / total;
    if (Math.abs(next - centre) <= 1e-12 * Math.abs(next)) break;
    centre = next;
  }
  return { value: centre, standardError: (1.05 * deviation) / Math.sqrt(values.length) };
}
