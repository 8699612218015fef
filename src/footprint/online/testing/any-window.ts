import fc from 'fast-check';
import { type Random, seededRandom } from '../../../maths/index.js';
import { buildRows } from '../../rows/build-rows.js';
import type { AccountWindow } from '../account-window.js';

/** What a stream of windows is like; chance fills in the rest by the seed, so that one that fails is told in a line. */
export interface WindowsShape {
  readonly seed: number;
  readonly windows: number;
  readonly functions: number;
  readonly ticks: number;
  readonly tickSeconds: number;
  /** Invocations that run at a time, on average. */
  readonly running: number;
  readonly idle: 'known' | 'unknown' | 'sometimes' | 'too-high';
  readonly usage: 'nobody' | 'everybody' | 'sometimes' | 'functions';
  /** Part of the ticks without power. */
  readonly missing: number;
  readonly noiseWatts: number;
}

export const anyWindowsShape: fc.Arbitrary<WindowsShape> = fc.record({
  seed: fc.nat(1_000_000),
  windows: fc.integer({ min: 1, max: 5 }),
  functions: fc.integer({ min: 0, max: 8 }),
  ticks: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 90 })),
  tickSeconds: fc.constantFrom(0.25, 1, 1, 5),
  running: fc.constantFrom(0.05, 1, 10),
  idle: fc.constantFrom('known', 'unknown', 'sometimes', 'too-high'),
  usage: fc.constantFrom('nobody', 'everybody', 'sometimes', 'functions'),
  missing: fc.constantFrom(0, 0, 0.2, 1),
  noiseWatts: fc.constantFrom(0, 1, 200),
});

const SHARED = ['control-plane', 'os', 'wattloop'];
const IDLE_WATTS = 20;

/** A machine with a floor, seen window by window. */
export function anyWindows(shape: WindowsShape): AccountWindow[] {
  const random = seededRandom(shape.seed);
  const each = Array.from({ length: shape.functions }, () => 15 * random.uniform());
  return Array.from({ length: shape.windows }, (_, index) => windowOf(shape, random, each, index));
}

function windowOf(
  shape: WindowsShape,
  random: Random,
  each: readonly number[],
  index: number,
): AccountWindow {
  const { ticks: count, tickSeconds, functions: width, noiseWatts } = shape;
  const start = index * count * tickSeconds;
  const names = each.map((_, f) => `f${f}`);
  const seconds = count * tickSeconds;
  const calls = width === 0 ? 0 : Math.ceil(shape.running * random.uniform() * 2 * count);
  const from = Float64Array.from({ length: calls }, () => start + seconds * (1.2 * random.uniform() - 0.1));
  const shares = SHARED.map(() => Float64Array.from({ length: count }, () => 0.1 * random.uniform()));
  const isTold = shape.usage !== 'nobody' && (shape.usage !== 'sometimes' || random.uniform() < 0.5);
  const { rows } = buildRows(
    {
      functions: names,
      // The last function is one that is hardly ever called.
      functionIndex: Uint32Array.from(from, () => Math.floor(random.uniform() ** 2 * width)),
      start: from,
      end: from.map((at) =>
        random.uniform() < 0.1
          ? at
          : random.uniform() < 0.02
            ? Number.POSITIVE_INFINITY
            : at + 0.9 * random.exponential() * tickSeconds,
      ),
    },
    { start, tickSeconds, count },
    isTold && shape.usage !== 'functions' ? { names: SHARED, shares } : undefined,
  );
  const cpuSeconds = new Map<string, Float64Array>();
  const watts = new Float64Array(count);
  for (const [column, name] of rows.columns.entries()) {
    const used = new Float64Array(count);
    for (let tick = 0; tick < count; tick++) {
      for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++)
        if (rows.column[p] === column) used[tick] = 0.8 * (rows.seconds[p] ?? 0);
      if (random.uniform() < 0.05) used[tick] = (used[tick] ?? 0) + 0.01 * tickSeconds;
      watts[tick] = (watts[tick] ?? 0) + ((each[column] ?? 5) * (used[tick] ?? 0)) / tickSeconds;
      if (shape.usage === 'sometimes' && random.uniform() < 0.1) used[tick] = Number.NaN;
    }
    if (isTold) cpuSeconds.set(name, used);
  }
  return {
    rows,
    watts: watts.map((work) =>
      random.uniform() < shape.missing
        ? Number.NaN
        : Math.max(0, IDLE_WATTS + work + (work > 0 ? 10 : 0) + noiseWatts * random.normal()),
    ),
    idleWatts: watts.map(() =>
      shape.idle === 'unknown' || (shape.idle === 'sometimes' && random.uniform() < 0.5)
        ? Number.NaN
        : shape.idle === 'too-high'
          ? 3 * IDLE_WATTS
          : IDLE_WATTS,
    ),
    ...(isTold && { cpuSeconds }),
    gramsPerKilowattHour: random.uniform() < 0.5 ? 400 : watts.map(() => 300 + 200 * random.uniform()),
    ...(random.uniform() < 0.5 && { embodiedGramsPerSecond: 0.003, pue: 1.2 }),
  };
}
