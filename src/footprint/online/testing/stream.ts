import { multiply, type Random, seededRandom } from '../../../maths/index.js';
import type { Rows } from '../../rows/rows.js';
import type { LatencyStatistics, OnlineWindow } from '../online.js';

export interface StreamFunction {
  readonly name: string;
  /** True power of one running invocation at the start. */
  readonly watts: number;
  /** Mean invocations that run at a time, while it is about. */
  readonly load: number;
  readonly latencySeconds: number;
  /** Windows in which it runs: from the first to before the second. All when not given. */
  readonly about?: readonly [number, number];
  /** Runs whenever the named one does, as long and as often. */
  readonly twinOf?: string;
  /** Factor on its power from a window on. */
  readonly step?: { readonly window: number; readonly factor: number };
}

export interface StreamOptions {
  readonly seed: number;
  readonly functions: readonly StreamFunction[];
  readonly ticks?: number;
  /** Of the first window, where it is longer. */
  readonly firstTicks?: number;
  readonly noiseWatts?: number;
  /** How like the noise of a tick is to that of the one before, 0 to 1. */
  readonly noiseMemory?: number;
  /** Standard deviation of the relative change of power from one window to the next. */
  readonly driftPerWindow?: number;
  /** Part of the ticks without a figure. */
  readonly missing?: number;
}

export interface StreamWindow extends OnlineWindow {
  /** True power of each function in this window. */
  readonly truth: ReadonlyMap<string, number>;
}

/** Seconds that a function ran in each tick, by Poisson arrivals, and how many invocations started. */
function work(random: Random, { load, latencySeconds }: StreamFunction, ticks: number) {
  const seconds = new Float64Array(ticks);
  const starts = new Uint32Array(ticks);
  const durations: number[] = [];
  const gap = latencySeconds / load;
  for (
    let at = -5 * latencySeconds + gap * random.exponential();
    at < ticks;
    at += gap * random.exponential()
  ) {
    const duration = latencySeconds * (0.5 + random.uniform());
    if (at >= 0) {
      const tick = Math.floor(at);
      starts[tick] = (starts[tick] ?? 0) + 1;
      durations.push(duration);
    }
    for (let tick = Math.max(0, Math.floor(at)); tick < Math.min(ticks, at + duration); tick++)
      seconds[tick] = (seconds[tick] ?? 0) + Math.min(at + duration, tick + 1) - Math.max(at, tick);
  }
  return { seconds, starts, durations };
}

function statisticsOf(durations: readonly number[]): LatencyStatistics {
  const mean = durations.reduce((sum, value) => sum + value, 0) / durations.length;
  const square = durations.reduce((sum, value) => sum + (value - mean) ** 2, 0) / durations.length;
  return { count: durations.length, meanSeconds: mean, deviationSeconds: Math.sqrt(square) };
}

type Work = ReturnType<typeof work>;

function rowsOf(
  names: readonly string[],
  works: ReadonlyMap<string, Work>,
  start: number,
  ticks: number,
): Rows {
  const [rowStart, column, seconds, activations] = [[0], [] as number[], [] as number[], [] as number[]];
  for (let tick = 0; tick < ticks; tick++) {
    for (const [c, name] of names.entries()) {
      const ran = works.get(name)?.seconds[tick] ?? 0;
      if (ran === 0) continue;
      column.push(c);
      seconds.push(ran);
      activations.push(works.get(name)?.starts[tick] ?? 0);
    }
    rowStart.push(column.length);
  }
  return {
    start,
    tickSeconds: 1,
    count: ticks,
    columns: names,
    functionCount: names.length,
    rowStart: Uint32Array.from(rowStart),
    column: Uint32Array.from(column),
    seconds: Float64Array.from(seconds),
    activations: Uint32Array.from(activations),
  };
}

/** What all functions together drew in each tick. */
function drawn(
  { count, columns, rowStart, column, seconds }: Rows,
  truth: ReadonlyMap<string, number>,
): Float64Array {
  const powers = columns.map((name) => truth.get(name) ?? 0);
  return multiply({ count, width: columns.length, rowStart, column, value: seconds }, powers);
}

/** Simulated windows of a machine whose functions' powers are known at every moment. */
export function* stream(options: StreamOptions): Generator<StreamWindow, never> {
  const { functions, noiseWatts = 5, noiseMemory = 0, driftPerWindow = 0, missing = 0 } = options;
  const random = seededRandom(options.seed);
  const strayed = functions.map(() => 1);
  let [noise, start] = [0, 0];
  for (let window = 0; ; window++) {
    const usual = options.ticks ?? 60;
    const ticks = window === 0 ? (options.firstTicks ?? usual) : usual;
    const about = functions
      .map((one, index) => ({ ...one, index }))
      .filter(({ about: [from, to] = [0, Number.POSITIVE_INFINITY] }) => window >= from && window < to);
    const works = new Map(about.map((one) => [one.name, work(random, one, ticks)]));
    for (const { name, twinOf } of about) {
      const twin = twinOf === undefined ? undefined : works.get(twinOf);
      if (twin !== undefined) works.set(name, twin);
    }
    const truth = new Map(
      about.map(({ name, watts, step, index }) => {
        strayed[index] = (strayed[index] ?? 1) * Math.exp(driftPerWindow * random.normal());
        const factor = step !== undefined && window >= step.window ? step.factor : 1;
        return [name, watts * factor * (strayed[index] ?? 1)];
      }),
    );
    const names = about.map(({ name }) => name);
    const rows = rowsOf(names, works, start, ticks);
    const watts = drawn(rows, truth).map((power) => {
      noise = noiseMemory * noise + noiseWatts * Math.sqrt(1 - noiseMemory ** 2) * random.normal();
      return random.uniform() < missing ? Number.NaN : power + noise;
    });
    const latencies = new Map(
      names.flatMap((name) => {
        const durations = works.get(name)?.durations ?? [];
        return durations.length === 0 ? [] : [[name, statisticsOf(durations)] as const];
      }),
    );
    start += ticks;
    yield { rows, watts, latencies, truth };
  }
}

/** Functions of every size, drawn at random. */
export function crowd(seed: number, count: number, totalLoad: number): StreamFunction[] {
  const random = seededRandom(seed);
  const weights = Array.from({ length: count }, () => random.exponential() + 0.05);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, i) => ({
    name: `f${i}`,
    watts: 3 + 12 * random.uniform(),
    load: (totalLoad * weight) / total,
    latencySeconds: 0.2 + 2 * random.exponential(),
  }));
}
