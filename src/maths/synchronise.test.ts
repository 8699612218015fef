import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PowerSeries, shift } from './series.js';
import { type Synchronisation, synchronise } from './synchronise.js';
import { normal, observe, random, restless } from './testing/signal.js';

const PUBLISHED = join(process.env.REFERENCE_DATA ?? '../shared/data', 'faasmeter-desktop', 'power.csv');

function found(result: Synchronisation): Extract<Synchronisation, { determined: true }> {
  if (!result.determined) throw new Error(result.reason);
  return result;
}

const why = (result: Synchronisation): string =>
  result.determined ? `lag ${result.lagSeconds}` : result.reason;

/** One sample every `interval` seconds of a formula. */
const formula = (of: (t: number) => number, seconds = 120, interval = 0.5): PowerSeries => ({
  sampling: 'instant',
  samples: Array.from({ length: seconds / interval }, (_, i) => ({
    at: i * interval,
    watts: of(i * interval),
  })),
});

const seeds = fc.integer({ min: 1, max: 1_000_000 });
const lags = fc.integer({ min: -1900, max: 1900 }).map((centi) => centi / 100);

describe('synchronise', () => {
  it.each([0.1, 0.25, 1])('finds a known lag within 0.1 s in noise, with samples every %d s', (interval) => {
    fc.assert(
      fc.property(seeds, lags, (seed, late) => {
        const seconds = interval === 1 ? 600 : 240;
        const machine = restless(seed, seconds);
        const common = { seconds, interval, jitter: 0.2 };
        const first = observe(machine, { ...common, noise: 2, seed });
        const second = observe(machine, { ...common, noise: 3, gain: 1.6, offset: 40, late, seed: seed + 1 });
        const { lagSeconds, correlation } = found(synchronise(first, second));
        expect(Math.abs(lagSeconds - late)).toBeLessThan(0.1);
        expect(correlation).toBeGreaterThan(0.8);
      }),
      { numRuns: 20 },
    );
  });

  it('finds it between a fast counter and a slow instrument, whichever comes first', () => {
    fc.assert(
      fc.property(seeds, lags, (seed, late) => {
        const machine = restless(seed, 300);
        const fast = observe(machine, { seconds: 300, interval: 0.1, noise: 2, seed });
        const slow = observe(machine, { seconds: 300, interval: 1, noise: 2, late, seed: seed + 1 });
        expect(Math.abs(found(synchronise(fast, slow)).lagSeconds - late)).toBeLessThan(0.1);
        expect(Math.abs(found(synchronise(slow, fast)).lagSeconds + late)).toBeLessThan(0.1);
      }),
      { numRuns: 20 },
    );
  });

  it('says positive when the second comes late, and shift undoes it', () => {
    const machine = restless(7, 200);
    const first = observe(machine, { seconds: 200, interval: 0.5 });
    const second = observe(machine, { seconds: 200, interval: 0.5, late: 3.3, seed: 2 });
    const { lagSeconds } = found(synchronise(first, second));
    expect(lagSeconds).toBeCloseTo(3.3, 1);
    expect(found(synchronise(first, shift(second, lagSeconds))).lagSeconds).toBeCloseTo(0, 2);
  });

  it('does not care for scale and offset, and turns its sign when the two are exchanged', () => {
    const machine = restless(11, 150);
    const first = observe(machine, { seconds: 150, interval: 1, noise: 2 });
    const second = observe(machine, { seconds: 150, interval: 1, noise: 2, late: -4.4, seed: 3 });
    const { lagSeconds } = found(synchronise(first, second));
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ min: -500, max: 500 }),
        (gain, offset) => {
          const changed = second.samples.map(({ at, watts }) => ({ at, watts: gain * watts + offset }));
          expect(found(synchronise(first, { ...second, samples: changed })).lagSeconds).toBeCloseTo(
            lagSeconds,
            2,
          );
        },
      ),
      { numRuns: 20 },
    );
    expect(found(synchronise(second, first)).lagSeconds).toBeCloseTo(-lagSeconds, 2);
  });

  it('states an error that holds what it is really off by', () => {
    const off = Array.from({ length: 40 }, (_, i) => {
      const machine = restless(i + 1, 200);
      const first = observe(machine, { seconds: 200, interval: 0.5, noise: 6, seed: i });
      const second = observe(machine, { seconds: 200, interval: 0.5, noise: 6, late: 1.37, seed: i + 100 });
      const { lagSeconds, resolutionSeconds } = found(synchronise(first, second));
      return Math.abs(lagSeconds - 1.37) / resolutionSeconds;
    });
    expect(off.filter((deviations) => deviations < 2).length).toBeGreaterThanOrEqual(38);
  });

  it('bridges missing samples and ignores figures that are none', () => {
    const machine = restless(5, 300);
    const first = observe(machine, { seconds: 300, interval: 1 });
    const whole = observe(machine, { seconds: 300, interval: 1, late: 2.6, seed: 4 });
    const next = random(1);
    const samples = whole.samples
      .filter(({ at }) => next() > 0.1 && !(at > 100 && at < 130))
      .map((sample, i) => (i % 40 === 7 ? { ...sample, watts: Number.NaN } : sample));
    expect(Math.abs(found(synchronise(first, { ...whole, samples })).lagSeconds - 2.6)).toBeLessThan(0.1);
  });

  it('aligns gauges that show power at a moment', () => {
    const course = (t: number): number =>
      60 + 20 * Math.sin(t / 3) + 15 * Math.sin(t / 1.7 + 1) + 9 * Math.sin(t / 7.3);
    const result = synchronise(
      formula(course),
      formula((t) => course(t + 1.23)),
    );
    expect(found(result).lagSeconds).toBeCloseTo(-1.23, 1);
  });

  it('says why where a lag can not be told', () => {
    const machine = restless(3, 200);
    const lively = observe(machine, { seconds: 120, interval: 0.5 });
    const flat = formula(() => 95.5);
    const waves = (phase: number) => formula((t) => 50 + 10 * Math.sin(2 * Math.PI * ((t - phase) / 6)));
    expect(why(synchronise(flat, lively))).toBe('the first signal is flat');
    expect(why(synchronise(lively, flat))).toBe('the second signal is flat');
    expect(why(synchronise(waves(0), waves(1)))).toMatch(/^ambiguous: lags .* apart fit about equally well/);
    expect(why(synchronise(lively, { ...lively, samples: lively.samples.slice(0, 12) }))).toMatch(
      /^too short: 30 samples/,
    );
    expect(why(synchronise(lively, { ...lively, samples: lively.samples.slice(0, 60) }))).toMatch(
      /^too short: 29.5 s in common, 40 s are needed/,
    );
    expect(why(synchronise(lively, shift(lively, 500)))).toMatch(/^too short: 0.0 s in common/);
    const far = observe(machine, { seconds: 120, interval: 0.5, late: 9, seed: 8 });
    expect(why(synchronise(lively, far, { maxLagSeconds: 5 }))).not.toMatch(/^lag/);
    expect(why(synchronise({ sampling: 'mean', samples: [] }, lively))).toMatch(/^too short/);
  });

  it('finds no lag between signals that have nothing to do with each other', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(0, 0.9, 0.99), (seed, memory) => {
        const noise = (next: () => number): PowerSeries => {
          let level = 0;
          return formula(() => {
            level = memory * level + normal(next);
            return level;
          }, 150);
        };
        expect(why(synchronise(noise(random(seed)), noise(random(seed + 7))))).not.toMatch(/^lag/);
      }),
      { numRuns: 60 },
    );
  });

  it('finds the 11 s by which a published trace of a desktop is out, in all of it and in parts', (ctx) => {
    if (!existsSync(PUBLISHED)) return ctx.skip(`${PUBLISHED} is not there`);
    const rows = readFileSync(PUBLISHED, 'utf8').trim().split('\n').slice(1);
    const column = (index: number, from: number, to: number): PowerSeries => ({
      sampling: 'mean',
      samples: rows
        .map((row) => row.split(',').map((cell) => (cell === '' ? Number.NaN : Number(cell))))
        .map((cells) => ({ at: cells[0] ?? Number.NaN, watts: cells[index] ?? Number.NaN }))
        .filter(({ at }) => at >= from && at < to),
    });
    for (const [from, to] of [
      [-68, 600],
      [0, 600],
      [0, 200],
      [200, 400],
      [400, 600],
    ] as const) {
      const { lagSeconds, correlation } = found(synchronise(column(2, from, to), column(1, from, to)));
      expect(Math.abs(lagSeconds + 11.1)).toBeLessThan(0.3);
      expect(correlation).toBeGreaterThan(0.9);
    }
  });
});
