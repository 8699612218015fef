import { describe, expect, test } from 'vitest';
import { OnlineDisaggregator } from './disaggregator.js';
import type { OnlineEstimate, OnlineMode } from './online.js';
import {
  crowd,
  type StreamFunction,
  type StreamOptions,
  type StreamWindow,
  stream,
} from './testing/stream.js';

const WINDOWS = 40;
// The published update begins with a longer window; all get the same one.
const FIRST_TICKS = 300;
const WARM_UP = 3;
const SEEDS = [1, 2, 3, 4, 5, 6];

function windowsOf(options: StreamOptions, count = WINDOWS): StreamWindow[] {
  const windows: StreamWindow[] = [];
  for (const window of stream({ firstTicks: FIRST_TICKS, ...options })) {
    windows.push(window);
    if (windows.length === count) break;
  }
  return windows;
}

/** Seconds that each function ran in a window. */
function busySeconds({ rows }: StreamWindow): Map<string, number> {
  const busy = new Map<string, number>();
  for (const [p, c] of rows.column.entries()) {
    const name = rows.columns[c] ?? '';
    busy.set(name, (busy.get(name) ?? 0) + (rows.seconds[p] ?? 0));
  }
  return busy;
}

type Look = (estimate: OnlineEstimate, window: StreamWindow, index: number) => void;

function follow(mode: OnlineMode, windows: readonly StreamWindow[], look: Look): void {
  const online = new OnlineDisaggregator({ mode });
  for (const [index, window] of windows.entries()) look(online.update(window), window, index);
}

/** Energy that is put on the wrong functions, as a part of all dynamic energy, over all seeds. */
function misplaced(mode: OnlineMode, scenario: (seed: number) => StreamOptions): number {
  let [wrong, total] = [0, 0];
  for (const seed of SEEDS) {
    follow(mode, windowsOf(scenario(seed)), ({ functions, watts }, window, index) => {
      if (index < WARM_UP) return;
      const slots = new Map(functions.map((name, slot) => [name, slot]));
      for (const [name, seconds] of busySeconds(window)) {
        const truth = window.truth.get(name) ?? 0;
        wrong += seconds * Math.abs((watts[slots.get(name) ?? -1] ?? 0) - truth);
        total += seconds * truth;
      }
    });
  }
  return wrong / total;
}

/** How far figures are from the truth in units of their standard errors: 1 when these are right, less when cautious. */
function spread(scenario: (seed: number) => StreamOptions): number {
  let [sum, count] = [0, 0];
  for (const seed of SEEDS) {
    follow(
      'bayes',
      windowsOf(scenario(seed)),
      ({ functions, watts, standardErrors, frozen }, { truth }, index) => {
        if (index < WARM_UP) return;
        for (const [slot, name] of functions.entries()) {
          const real = truth.get(name);
          if (real === undefined || frozen[slot] === 1) continue;
          sum += (((watts[slot] ?? 0) - real) / (standardErrors?.[slot] ?? 0)) ** 2;
          count++;
        }
      },
    );
  }
  return Math.sqrt(sum / count);
}

const some = (change: (one: StreamFunction, index: number) => StreamFunction) => (seed: number) =>
  crowd(seed, 12, 6).map(change);

const SCENARIOS: Readonly<Record<string, (seed: number) => StreamOptions>> = {
  'steady powers': (seed) => ({ seed, functions: crowd(seed, 12, 6), noiseWatts: 6 }),
  'powers that drift': (seed) => ({
    seed,
    functions: crowd(seed, 12, 6),
    noiseWatts: 6,
    driftPerWindow: 0.03,
  }),
  'a function that takes 2.5 times as much from one window on': (seed) => ({
    seed,
    functions: some((one, i) => (i === 2 ? { ...one, step: { window: 15, factor: 2.5 } } : one))(seed),
    noiseWatts: 6,
  }),
  'functions that appear and vanish': (seed) => ({
    seed,
    functions: some((one, i) => (i < 4 ? { ...one, about: [8 + 2 * i, 22 + 2 * i] } : one))(seed),
    noiseWatts: 6,
    driftPerWindow: 0.01,
  }),
  'noise that lasts': (seed) => ({ seed, functions: crowd(seed, 12, 6), noiseWatts: 6, noiseMemory: 0.9 }),
  'much noise and missing ticks': (seed) => ({
    seed,
    functions: crowd(seed, 12, 6),
    noiseWatts: 20,
    missing: 0.2,
  }),
  'two functions that always run together': (seed) => ({
    seed,
    functions: some((one, i) => (i === 1 ? { ...one, twinOf: 'f0' } : one))(seed),
    noiseWatts: 6,
  }),
  'more functions than ticks': (seed) => ({ seed, functions: crowd(seed, 90, 15), noiseWatts: 8 }),
};

describe.each(Object.entries(SCENARIOS))('%s', (_, scenario) => {
  test('puts less energy on the wrong functions than windows alone, and not more than the published update', () => {
    const [bayes, published, memoryless] = [
      misplaced('bayes', scenario),
      misplaced('published', scenario),
      misplaced('memoryless', scenario),
    ];
    expect(bayes).toBeLessThan(0.6 * memoryless);
    expect(bayes).toBeLessThanOrEqual(published);
  });

  test('its standard errors hold', () => {
    expect(spread(scenario)).toBeLessThan(1.25);
    expect(spread(scenario)).toBeGreaterThan(0.3);
  });
});

describe('a function that vanishes', () => {
  const functions = some((one, i) => (i === 0 ? { ...one, about: [0, 10] } : one))(3);

  test.each(['bayes', 'published', 'memoryless', 'cumulative'] as const)('keeps its figure (%s)', (mode) => {
    const figures: number[] = [];
    follow(mode, windowsOf({ seed: 3, functions }, 20), ({ watts, frozen }, _, index) => {
      figures.push(watts[0] ?? Number.NaN);
      expect(frozen[0]).toBe(index < 10 ? 0 : 1);
    });
    expect(new Set(figures.slice(9))).toEqual(new Set([figures[9]]));
    expect(figures[9]).toBeGreaterThan(0);
  });

  test('is known less and less well, but not less than one never seen', () => {
    const errors: number[] = [];
    const online = new OnlineDisaggregator({ bayes: { driftPerHour: 5 } });
    let newcomers = 0;
    for (const window of windowsOf({ seed: 3, functions }, 120)) {
      const { standardErrors, watts } = online.update(window);
      errors.push(standardErrors?.[0] ?? 0);
      newcomers = Math.max(newcomers, ...watts);
    }
    expect(errors[40]).toBeGreaterThan(errors[9] ?? 0);
    expect(errors[119]).toBeGreaterThan(errors[40] ?? 0);
    expect(errors[119]).toBeLessThanOrEqual(newcomers);
  });
});

describe('functions that always run together', () => {
  test('get an error that says so, though their sum is known', () => {
    const functions: StreamFunction[] = [
      { name: 'a', watts: 5, load: 1, latencySeconds: 1 },
      { name: 'b', watts: 15, load: 1, latencySeconds: 1, twinOf: 'a' },
      { name: 'c', watts: 8, load: 1, latencySeconds: 1 },
    ];
    follow(
      'bayes',
      windowsOf({ seed: 1, functions, noiseWatts: 2 }, 30),
      ({ watts, standardErrors }, _, index) => {
        if (index < 5) return;
        const [a = 0, b = 0, c = 0] = watts;
        expect(a + b).toBeGreaterThan(18.5);
        expect(a + b).toBeLessThan(21.5);
        expect(Math.abs(a - 5)).toBeLessThan(2 * (standardErrors?.[0] ?? 0));
        expect(standardErrors?.[0]).toBeGreaterThan(3);
        expect(Math.abs(c - 8)).toBeLessThan(1);
        expect(standardErrors?.[2]).toBeLessThan(1);
      },
    );
  });
});

describe('a function that changes at once', () => {
  test('is believed within the window that shows it', () => {
    const functions: StreamFunction[] = [
      { name: 'a', watts: 10, load: 1, latencySeconds: 1, step: { window: 15, factor: 2.5 } },
      { name: 'b', watts: 15, load: 1, latencySeconds: 1 },
      { name: 'c', watts: 8, load: 2, latencySeconds: 1 },
    ];
    follow('bayes', windowsOf({ seed: 4, functions, noiseWatts: 3 }, 18), ({ watts }, { truth }, index) => {
      if (index < 5) return;
      const [a = 0, b = 0] = watts;
      expect(Math.abs(a - (truth.get('a') ?? 0))).toBeLessThan(2);
      expect(Math.abs(b - 15)).toBeLessThan(2);
    });
  });
});
