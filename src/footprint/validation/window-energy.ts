import type { InvocationTable } from '../../model/index.js';
import type { FunctionScatter } from './variation.js';

/** Power of functions over time, on evenly spaced ticks. */
export interface FunctionCourse {
  /** End of each tick. */
  readonly t: Float64Array;
  /** In the order of the functions. */
  readonly functionWatts: readonly Float64Array[];
}

interface Ticks {
  readonly start: number;
  readonly tickSeconds: number;
  readonly count: number;
}

function ticksOf(t: Float64Array): Ticks | undefined {
  const [first, last] = [t[0], t.at(-1)];
  if (first === undefined || last === undefined || t.length < 2) return undefined;
  const tickSeconds = (last - first) / (t.length - 1);
  return tickSeconds > 0 ? { start: first - tickSeconds, tickSeconds, count: t.length } : undefined;
}

/** Invocations by function and window; one that lies in several windows counts in each by the part of it within. */
function countInvocations(
  invocations: InvocationTable,
  functionCount: number,
  windows: { readonly start: number; readonly seconds: number; readonly count: number },
): Float64Array {
  const counts = new Float64Array(functionCount * windows.count);
  for (let i = 0; i < invocations.start.length; i++) {
    const start = ((invocations.start[i] ?? Number.NaN) - windows.start) / windows.seconds;
    const end = ((invocations.end[i] ?? Number.NaN) - windows.start) / windows.seconds;
    if (!Number.isFinite(end) || !(end >= start)) continue;
    const row = (invocations.functionIndex[i] ?? 0) * windows.count;
    const last = Math.min(windows.count - 1, Math.floor(end));
    for (let window = Math.max(0, Math.floor(start)); window <= last; window++) {
      const within = Math.min(end, window + 1) - Math.max(start, window);
      counts[row + window] = (counts[row + window] ?? 0) + (end > start ? within / (end - start) : 1);
    }
  }
  return counts;
}

/** Standard deviation of latency by function; NaN for fewer than two invocations. */
function latencyDeviations({ functions, functionIndex, start, end }: InvocationTable): Float64Array {
  const counts = new Float64Array(functions.length);
  const means = new Float64Array(functions.length);
  const squares = new Float64Array(functions.length);
  for (let i = 0; i < start.length; i++) {
    const latency = (end[i] ?? Number.NaN) - (start[i] ?? Number.NaN);
    if (!Number.isFinite(latency) || latency < 0) continue;
    const index = functionIndex[i] ?? 0;
    const count = (counts[index] ?? 0) + 1;
    const mean = means[index] ?? 0;
    const next = mean + (latency - mean) / count;
    squares[index] = (squares[index] ?? 0) + (latency - mean) * (latency - next);
    means[index] = next;
    counts[index] = count;
  }
  return squares.map((sum, index) => {
    const count = counts[index] ?? 0;
    return count > 1 ? Math.sqrt(sum / (count - 1)) : Number.NaN;
  });
}

/** Fewer invocations than this in a window say little of the mean. */
const FEWEST_IN_WINDOW = 1;

/** Each function's mean energy per invocation, window by window, and how much its latency scatters. */
export function scatterOf(
  names: readonly string[],
  { t, functionWatts }: FunctionCourse,
  invocations: InvocationTable,
  windowSeconds: number,
): FunctionScatter[] {
  const ticks = ticksOf(t);
  if (ticks === undefined) return [];
  const perWindow = Math.max(1, Math.round(windowSeconds / ticks.tickSeconds));
  const seconds = perWindow * ticks.tickSeconds;
  const count = Math.ceil(ticks.count / perWindow);
  const windows = { start: ticks.start, seconds, count };
  const invoked = countInvocations(invocations, invocations.functions.length, windows);
  const deviations = latencyDeviations(invocations);
  const places = new Map(invocations.functions.map((name, index) => [name, index]));
  return names.flatMap((name, place) => {
    const index = places.get(name);
    const watts = functionWatts[place];
    if (index === undefined || watts === undefined) return [];
    const windowJoules = new Float64Array(count);
    for (let tick = 0; tick < ticks.count; tick++) {
      const window = Math.floor(tick / perWindow);
      windowJoules[window] = (windowJoules[window] ?? 0) + (watts[tick] ?? Number.NaN) * ticks.tickSeconds;
    }
    for (let window = 0; window < count; window++) {
      const ran = invoked[index * count + window] ?? 0;
      windowJoules[window] =
        ran >= FEWEST_IN_WINDOW ? (windowJoules[window] ?? Number.NaN) / ran : Number.NaN;
    }
    return [{ name, windowJoules, latencyDeviationSeconds: deviations[index] ?? Number.NaN }];
  });
}
