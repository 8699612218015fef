import type { Account } from '../../footprint/index.js';
import { type Extreme, extremes, means, partBounds } from '../svg/downsample.js';
import type { Point } from '../svg/line.js';

/** Functions that have a colour of their own; the rest are drawn together. */
const OWN_COLOUR_AT_MOST = 12;

export interface PowerSeries {
  /** Where each part of the time begins, and the end of the last, in seconds. */
  readonly edges: readonly number[];
  readonly idle: Float64Array;
  readonly controlPlane: Float64Array;
  /** Those that took most, most first. */
  readonly functions: readonly { readonly name: string; readonly watts: Float64Array }[];
  readonly others?: { readonly count: number; readonly watts: Float64Array };
  /** Mean of what was measured, by part. */
  readonly measured: Float64Array;
  /** From the least to the most that was measured, finer than the parts and cut where nothing was; empty where the parts tell all. */
  readonly range: readonly (readonly Point[])[];
}

const total = (values: Float64Array): number =>
  values.reduce((sum, value) => (Number.isFinite(value) ? sum + value : sum), 0);

function added(columns: readonly Float64Array[], ticks: number): Float64Array {
  const sum = new Float64Array(ticks);
  for (const column of columns)
    for (let tick = 0; tick < ticks; tick++) {
      const value = column[tick] ?? Number.NaN;
      if (Number.isFinite(value)) sum[tick] = (sum[tick] ?? 0) + value;
    }
  return sum;
}

/** Extremes as lines: a new one after each part without any. A tick stands at its middle. */
function runs(parts: readonly (readonly Extreme[])[], middle: (tick: number) => number): Point[][] {
  const lines: Point[][] = [];
  let open = false;
  for (const part of parts) {
    if (part.length === 0) open = false;
    else if (!open) lines.push([]);
    for (const { tick, value } of part) lines.at(-1)?.push({ x: middle(tick), y: value });
    open = part.length > 0;
  }
  return lines;
}

/** How finely a picture can show time. */
export interface Resolution {
  readonly parts: number;
  readonly points: number;
}

/** The account's course in so many parts: the area of every layer, and the peaks of the line, stay what they were. */
export function powerSeries(account: Account, { parts, points }: Resolution): PowerSeries {
  const { course, functions, windowSeconds } = account;
  const { t, functionWatts, measuredWatts } = course;
  const ticks = t.length;
  const [first, last] = [t[0] ?? 0, t[ticks - 1] ?? 0];
  const tickSeconds = ticks > 1 ? (last - first) / (ticks - 1) : windowSeconds;
  const middle = (tick: number): number => first + (tick - 0.5) * tickSeconds;
  const bounds = partBounds(ticks, parts);
  const largest = functionWatts
    .map((watts, index) => ({ name: functions[index]?.name ?? '', watts, energy: total(watts) }))
    .sort((a, b) => b.energy - a.energy);
  const own = largest.slice(0, OWN_COLOUR_AT_MOST);
  const rest = largest.slice(own.length).map(({ watts }) => watts);
  return {
    edges: bounds.map((tick) => first + (tick - 1) * tickSeconds),
    idle: means(course.idleWatts, bounds),
    controlPlane: means(course.controlPlaneWatts, bounds),
    functions: own.map(({ name, watts }) => ({ name, watts: means(watts, bounds) })),
    ...(rest.length > 0 && { others: { count: rest.length, watts: means(added(rest, ticks), bounds) } }),
    measured: means(measuredWatts, bounds),
    range: ticks > parts ? runs(extremes(measuredWatts, partBounds(ticks, points)), middle) : [],
  };
}
