import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PowerSeries } from '../../maths/index.js';
import { type Meter, observe, restless } from '../../maths/testing/signal.js';
import { type CalibrationResult, calibrate, calibrated } from './calibrate.js';
import { CalibrationTracker } from './calibration-tracker.js';

const PUBLISHED = join(process.env.REFERENCE_DATA ?? '../shared/data', 'faasmeter-desktop', 'power.csv');

function found(result: CalibrationResult): Extract<CalibrationResult, { determined: true }> {
  if (!result.determined) throw new Error(result.reason);
  return result;
}

const why = (result: CalibrationResult): string =>
  result.determined ? `gain ${result.gain.value}` : result.reason;

/** Two meters of one machine: a trusted plug meter, late by its own clock, and a processor's counter. */
function meters(seed: number, seconds: number, trusted: Partial<Meter>, source: Partial<Meter> = {}) {
  const machine = restless(seed, seconds, 4);
  return {
    trusted: observe(machine, { seconds, interval: 1, noise: 1.5, seed, ...trusted }),
    source: observe(machine, { seconds, interval: 0.5, noise: 0.5, seed: seed + 1, ...source }),
  };
}

describe('calibrate', () => {
  it('finds gain and offset within its own errors, whatever the lag and a few wild figures', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        fc.integer({ min: -10, max: 80 }),
        fc.integer({ min: -150, max: 150 }),
        (seed, gain, offset, tenths) => {
          const { trusted, source } = meters(seed, 400, { gain, offset, late: tenths / 10 });
          const wild = trusted.samples.map((one, i) => (i % 25 === 3 ? { ...one, watts: 4000 } : one));
          const result = found(
            calibrate({ ...trusted, samples: wild }, source, { lagSeconds: -tenths / 10 }),
          );
          expect(Math.abs(result.gain.value - gain)).toBeLessThan(
            5 * result.gain.standardError + 0.02 * gain,
          );
          expect(Math.abs(result.offsetWatts.value - offset)).toBeLessThan(
            5 * result.offsetWatts.standardError + 0.02 * gain * 50,
          );
          expect(result.outliers).toBeGreaterThanOrEqual(15);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('undoes a lag that it finds by itself', () => {
    const { trusted, source } = meters(5, 400, { gain: 1.3, offset: 25, late: -6.4 });
    const result = found(calibrate(trusted, source));
    expect(result.lagSeconds).toBeCloseTo(6.4, 0);
    expect(Math.abs(result.gain.value - 1.3)).toBeLessThan(0.05);
    expect(Math.abs(result.offsetWatts.value - 25)).toBeLessThan(3);
    const unaligned = found(calibrate(trusted, source, { lagSeconds: 5.4 }));
    expect(unaligned.residualWatts).toBeGreaterThan(2 * result.residualWatts);
  });

  it('keeps the raw figure beside the calibrated one, with an error that is least where the data lie', () => {
    const { trusted, source } = meters(6, 400, { gain: 2, offset: 10 });
    const calibration = found(calibrate(trusted, source, { lagSeconds: 0 }));
    const at = (watts: number) => calibrated(calibration, watts);
    expect(at(50).rawWatts).toBe(50);
    expect(Math.abs(at(50).calibratedWatts - 110)).toBeLessThan(3 * at(50).standardErrorWatts + 1);
    expect(at(50).standardErrorWatts).toBeLessThan(at(0).standardErrorWatts);
    expect(at(50).standardErrorWatts).toBeLessThan(at(150).standardErrorWatts);
  });

  it('refuses what the data can not tell, saying why', () => {
    const { trusted, source } = meters(7, 200, {});
    const level = (series: PowerSeries, of: (watts: number, i: number) => number): PowerSeries => ({
      ...series,
      samples: series.samples.map(({ at, watts }, i) => ({ at, watts: of(watts, i) })),
    });
    const aligned = { lagSeconds: 0 };
    expect(
      why(
        calibrate(
          trusted,
          level(source, (watts) => 100 + watts / 100),
          aligned,
        ),
      ),
    ).toMatch(/^too little spread: .* let the load change/);
    expect(
      why(
        calibrate(
          trusted,
          level(source, () => 0),
          aligned,
        ),
      ),
    ).toMatch(/^too little spread/);
    expect(
      why(
        calibrate(
          level(trusted, (watts) => 200 - watts),
          source,
          aligned,
        ),
      ),
    ).toMatch(/does not rise/);
    expect(
      why(
        calibrate(
          level(trusted, (_, i) => ((i * 7919) % 101) + i / 50),
          source,
          aligned,
        ),
      ),
    ).toMatch(/^too noisy|does not rise/);
    expect(why(calibrate({ ...trusted, samples: trusted.samples.slice(0, 19) }, source))).toMatch(
      /^too few samples/,
    );
    expect(why(calibrate(trusted, source, { lagSeconds: 190 }))).toMatch(/^too few samples at the same time/);
    expect(
      why(
        calibrate(
          level(trusted, () => 5),
          source,
        ),
      ),
    ).toBe('the lag between the two is not known: the first signal is flat');
  });

  it('relates the plug meter of a published trace to its processor', (ctx) => {
    if (!existsSync(PUBLISHED)) return ctx.skip(`${PUBLISHED} is not there`);
    const rows = readFileSync(PUBLISHED, 'utf8').trim().split('\n').slice(1);
    const column = (index: number): PowerSeries => ({
      sampling: 'mean',
      samples: rows
        .map((row) => row.split(',').map((cell) => (cell === '' ? Number.NaN : Number(cell))))
        .map((cells) => ({ at: cells[0] ?? Number.NaN, watts: cells[index] ?? Number.NaN })),
    });
    const result = found(calibrate(column(1), column(2)));
    expect(result.lagSeconds).toBeCloseTo(11.1, 0);
    expect(result.gain.value).toBeGreaterThan(1);
    expect(result.gain.value).toBeLessThan(2);
    expect(result.residualWatts).toBeLessThan(10);
  });
});

describe('CalibrationTracker', () => {
  const HOUR = 3600;

  function feed(tracker: CalibrationTracker, trusted: PowerSeries, source: PowerSeries): CalibrationTracker {
    const all = [
      ...trusted.samples.map((sample) => ({ side: 'trusted' as const, sample })),
      ...source.samples.map((sample) => ({ side: 'source' as const, sample })),
    ].sort((a, b) => a.sample.at - b.sample.at);
    for (const { side, sample } of all) tracker.add(side, sample);
    return tracker;
  }

  /** A source that loses `perHour` of its figures in an hour. */
  function drifting(perHour: number) {
    const { trusted, source } = meters(9, 3 * HOUR, { gain: 2 }, { interval: 1 });
    const samples = source.samples.map(({ at, watts }) => ({
      at,
      watts: watts / (1 + (perHour * at) / HOUR),
    }));
    return { trusted, source: { ...source, samples } };
  }
  const options = { lagSeconds: 0, windowSeconds: 600 };

  it('reports how fast a source drifts', () => {
    const { trusted, source } = drifting(0.04);
    const drift = feed(new CalibrationTracker('mean', 'mean', options), trusted, source).drift;
    expect(drift).toMatchObject({ significant: true });
    expect(drift?.windows).toBeGreaterThanOrEqual(16);
    // The gain grows by 0.04 of its first value an hour, which is a little less of its mean.
    expect(drift?.gainPerHour.value).toBeGreaterThan(0.03);
    expect(drift?.gainPerHour.value).toBeLessThan(0.045);
  });

  it('finds no drift in a source that has none', () => {
    const { trusted, source } = drifting(0);
    const drift = feed(new CalibrationTracker('mean', 'mean', options), trusted, source).drift;
    expect(drift).toMatchObject({ significant: false });
    expect(Math.abs(drift?.gainPerHour.value ?? 1)).toBeLessThan(0.01);
  });

  it('resumes from plain JSON with all that it had finished', () => {
    const { trusted, source } = drifting(0.04);
    const tracker = feed(new CalibrationTracker('mean', 'mean', options), trusted, source);
    const resumed = new CalibrationTracker('mean', 'mean', options, JSON.parse(JSON.stringify(tracker)));
    expect(resumed.windows).toEqual(tracker.windows);
    expect(resumed.drift).toEqual(tracker.drift);
    expect(resumed.toJSON()).toEqual(tracker.toJSON());
    expect(() => new CalibrationTracker('mean', 'mean', options, { version: 1, windows: [{}] })).toThrow(
      expect.objectContaining({ code: 'bad_input' }),
    );
  });

  it('counts windows that tell nothing, with the reason, and goes on after a silence', () => {
    const { trusted, source } = drifting(0);
    const flat = source.samples.map(({ at, watts }) => ({ at, watts: at < HOUR ? 50 : watts }));
    const tracker = feed(
      new CalibrationTracker('mean', 'mean', options),
      { ...trusted, samples: trusted.samples.filter(({ at }) => at < 1.5 * HOUR || at > 2.2 * HOUR) },
      { ...source, samples: flat },
    );
    expect(tracker.refusals.count).toBeGreaterThanOrEqual(7);
    expect(tracker.refusals.last).toMatch(/^one of the two sources gives no figures|^too few samples/);
    expect(tracker.windows.length).toBeGreaterThanOrEqual(5);
    expect(tracker.latest?.at).toBeGreaterThan(2.2 * HOUR);
    expect(new CalibrationTracker('mean', 'mean').drift).toBeUndefined();
  });
});
