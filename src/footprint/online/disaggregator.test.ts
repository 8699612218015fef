import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WattloopError } from '../../errors/index.js';
import { OnlineDisaggregator } from './disaggregator.js';
import { type OnlineEstimate, OnlineMode, type OnlineWindow } from './online.js';
import { crowd, type StreamOptions, type StreamWindow, stream } from './testing/stream.js';

const MODES = Object.values(OnlineMode);

function windowsOf(options: StreamOptions, count: number): StreamWindow[] {
  const windows: StreamWindow[] = [];
  for (const window of stream(options)) {
    windows.push(window);
    if (windows.length === count) break;
  }
  return windows;
}

const comeAndGo = (seed: number): StreamOptions => ({
  seed,
  functions: crowd(seed, 14, 6).map((one, i) => (i % 3 === 0 ? { ...one, about: [i / 3, 5 + i / 2] } : one)),
  noiseWatts: 8,
  missing: 0.1,
});

/** Bit by bit: also which zero. */
const same = (a: OnlineEstimate, b: OnlineEstimate): boolean =>
  [...a.watts].every((value, i) => Object.is(value, b.watts[i])) &&
  [...(a.standardErrors ?? [])].every((value, i) => Object.is(value, b.standardErrors?.[i])) &&
  Object.is(a.residualWatts, b.residualWatts);

describe.each(MODES)('%s', (mode) => {
  test('resumed from its saved state it goes on as if nothing had been, bit by bit', () => {
    const windows = windowsOf(comeAndGo(7), 16);
    const straight = new OnlineDisaggregator({ mode, maxFunctions: 12 });
    let resumed = new OnlineDisaggregator({ mode, maxFunctions: 12 });
    for (const window of windows) {
      const [a, b] = [straight.update(window), resumed.update(window)];
      expect(b).toEqual(a);
      expect(same(a, b)).toBe(true);
      resumed = new OnlineDisaggregator({ mode, maxFunctions: 12 }, JSON.parse(JSON.stringify(resumed)));
    }
  });

  test('never gives a figure below zero, and none that is NaN', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(),
          functions: fc.integer({ min: 1, max: 20 }),
          load: fc.double({ min: 0.1, max: 20, noNaN: true }),
          noiseWatts: fc.constantFrom(0, 5, 500),
          ticks: fc.integer({ min: 1, max: 70 }),
          missing: fc.constantFrom(0, 0.5, 1),
        }),
        ({ seed, functions, load, ...rest }) => {
          const online = new OnlineDisaggregator({ mode });
          for (const window of windowsOf({ seed, functions: crowd(seed, functions, load), ...rest }, 5)) {
            const { watts, standardErrors, residualWatts = 0 } = online.update(window);
            expect(watts.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
            expect(standardErrors?.every((error) => error >= 0) ?? true).toBe(true);
            expect(Number.isFinite(residualWatts)).toBe(true);
          }
        },
      ),
      // One function in much noise: a first window whose mean power is below idle.
      {
        numRuns: 60,
        examples: [
          [{ seed: 2147352294, functions: 1, load: 0.44, noiseWatts: 500, ticks: 61, missing: 0.5 }],
        ],
      },
    );
  });

  test('ticks without a measured power count for nothing', () => {
    const [window] = windowsOf({ seed: 2, functions: crowd(2, 6, 3) }, 1);
    if (window === undefined) throw new Error('no window');
    const watts = Float64Array.from(window.watts);
    const holes = watts.map((value, tick) => (tick % 4 === 0 ? Number.NaN : value));
    const { ticks } = new OnlineDisaggregator({ mode }).update({ ...window, watts: holes });
    expect(ticks).toBeLessThanOrEqual(45);
    const none = new OnlineDisaggregator({ mode }).update({ ...window, watts: holes.fill(Number.NaN) });
    expect(none).toMatchObject({ functions: [], ticks: 0 });
    expect(none.residualWatts).toBeUndefined();
  });

  test('a window without work changes nothing', () => {
    const [window] = windowsOf({ seed: 2, functions: crowd(2, 6, 3) }, 1);
    if (window === undefined) throw new Error('no window');
    const online = new OnlineDisaggregator({ mode });
    const before = online.update(window);
    const rows = { ...window.rows, rowStart: new Uint32Array(61) };
    const after = online.update({ rows, watts: new Float64Array(60).fill(3) });
    expect(after.watts).toEqual(before.watts);
    expect([...after.frozen]).toEqual(after.functions.map(() => 1));
    expect([...after.fresh]).toEqual(after.functions.map(() => 0));
  });

  test('functions are known by name, wherever their column stands', () => {
    const window = (columns: string[], seconds: number[]): OnlineWindow => ({
      rows: {
        start: 0,
        tickSeconds: 1,
        count: 3,
        columns,
        functionCount: 2,
        rowStart: Uint32Array.of(0, 2, 4, 6),
        column: Uint32Array.of(0, 1, 0, 1, 0, 1),
        seconds: Float64Array.from(seconds),
        activations: new Uint32Array(6).fill(1),
      },
      watts: [40, 50, 90],
    });
    const [one, other] = [new OnlineDisaggregator({ mode }), new OnlineDisaggregator({ mode })];
    const first = window(['a', 'b'], [1, 0.5, 0.5, 1, 1.5, 1.5]);
    one.update(first);
    other.update(first);
    const a = one.update(first);
    const b = other.update(window(['b', 'a'], [0.5, 1, 1, 0.5, 1.5, 1.5]));
    expect(b.functions).toEqual(['a', 'b']);
    expect(b.watts[0]).toBeCloseTo(a.watts[0] ?? 0, 9);
    expect(b.watts[1]).toBeCloseTo(a.watts[1] ?? 0, 9);
  });

  test('forgets those not seen for the longest time when there are too many', () => {
    const online = new OnlineDisaggregator({ mode, maxFunctions: 10 });
    const functions = crowd(5, 16, 40).map((one, i) => ({
      ...one,
      about: i < 8 ? ([0, i < 4 ? 2 : 3] as const) : ([3, 9] as const),
    }));
    for (const [index, window] of windowsOf({ seed: 5, functions, noiseWatts: 1 }, 8).entries()) {
      const { functions: known, watts } = online.update(window);
      if (index < 3) continue;
      expect(known).toEqual(['f6', 'f7', 'f8', 'f9', 'f10', 'f11', 'f12', 'f13', 'f14', 'f15']);
      expect(watts.length).toBe(10);
    }
  });
});

describe('OnlineDisaggregator', () => {
  test('finds powers within the noise, tick lengths of any size', () => {
    const functions = [
      { name: 'a', watts: 30, load: 1, latencySeconds: 2 },
      { name: 'b', watts: 10, load: 2, latencySeconds: 1 },
    ];
    const online = new OnlineDisaggregator();
    for (const window of windowsOf({ seed: 1, functions, noiseWatts: 3 }, 10)) {
      // The same work on ticks of half the length: half the seconds, the same power.
      const rows = { ...window.rows, tickSeconds: 0.5, seconds: window.rows.seconds.map((s) => s / 2) };
      online.update({ ...window, rows });
    }
    const { watts, standardErrors } = online.update(
      windowsOf({ seed: 9, functions, noiseWatts: 3 }, 1)[0] ?? empty,
    );
    expect(Math.abs((watts[0] ?? 0) - 30)).toBeLessThan(3 * (standardErrors?.[0] ?? 0));
    expect(Math.abs((watts[1] ?? 0) - 10)).toBeLessThan(3 * (standardErrors?.[1] ?? 0));
    expect(standardErrors?.[0]).toBeLessThan(1);
  });

  const empty: OnlineWindow = {
    rows: {
      start: 0,
      tickSeconds: 1,
      count: 0,
      columns: [],
      functionCount: 0,
      rowStart: new Uint32Array(1),
      column: new Uint32Array(),
      seconds: new Float64Array(),
      activations: new Uint32Array(),
    },
    watts: [],
  };
  const one = (change: Partial<OnlineWindow['rows']>, watts: readonly number[] = [5]): OnlineWindow => ({
    rows: {
      ...empty.rows,
      count: 1,
      columns: ['a', 'b'],
      rowStart: Uint32Array.of(0, 2),
      column: Uint32Array.of(0, 1),
      seconds: Float64Array.of(1, 1),
      activations: Uint32Array.of(1, 1),
      ...change,
    },
    watts,
  });

  test.each([
    ['power for other ticks than work', one({}, [1, 2]), 'ticks'],
    ['a tick without length', one({ tickSeconds: 0 }), 'tick'],
    ['a name twice', one({ columns: ['a', 'a'] }), 'name'],
    ['time that is none', one({ seconds: Float64Array.of(1, Number.NaN) }), 'b ran for NaN s in tick 0'],
    ['time below zero', one({ seconds: Float64Array.of(-1, 1) }), 'a ran for -1 s in tick 0'],
    ['columns in disorder', one({ column: Uint32Array.of(1, 0) }), 'order'],
    ['a column that is none', one({ column: Uint32Array.of(0, 7) }), 'order'],
  ])('refuses %s', (_, window, message) => {
    const update = (): unknown => new OnlineDisaggregator().update(window);
    expect(update).toThrow(WattloopError);
    expect(update).toThrow(message);
  });

  test('refuses options that are none', () => {
    expect(() => new OnlineDisaggregator({ published: { alpha: Number.NaN } })).toThrow('alpha');
    expect(() => new OnlineDisaggregator({ maxFunctions: -1 })).toThrow('maxFunctions');
  });

  test.each([
    ['text', 'saved', 'state is no object'],
    ['another mode', { ...saved('memoryless') }, 'mode'],
    ['another version', { ...saved('bayes'), version: 0 }, 'version'],
    ['a name twice', { ...saved('bayes'), functions: ['a', 'a'] }, 'twice'],
    ['figures that are missing', { ...saved('bayes'), functions: ['a', 'b', 'c'] }, 'state.lastSeen'],
    ['a figure that is text', changed({ noise: '1' }), 'state.tracker.noise'],
    ['a figure that is none', changed({ mean: [1, null] }), 'state.tracker.mean'],
    ['a power below zero', changed({ watts: [1, -1] }), 'state.tracker.watts'],
    ['no tracker', { ...saved('bayes'), tracker: undefined }, 'state.tracker'],
  ])('refuses a saved state with %s', (_, state, message) => {
    const resume = (): unknown => new OnlineDisaggregator({}, state);
    expect(resume).toThrow(WattloopError);
    expect(resume).toThrow(message);
  });

  function saved(mode: OnlineMode): Record<string, unknown> {
    const online = new OnlineDisaggregator({ mode });
    online.update(one({}));
    return { ...online.toJSON() };
  }

  function changed(fields: Record<string, unknown>): unknown {
    const state: unknown = JSON.parse(JSON.stringify(saved('bayes')));
    if (typeof state !== 'object' || state === null || !('tracker' in state)) throw new Error('no tracker');
    return { ...state, tracker: { ...Object(state.tracker), ...fields } };
  }
});
