import { describe, expect, it } from 'vitest';
import type { PowerSeries } from '../../maths/index.js';
import { meanLag } from '../sensor/sampling.js';
import { findLag, responsesAround } from './lag.js';
import type { Samples } from './samples.js';
import { randomRuns, type SeenWork, seenWork } from './testing/seen-work.js';

const series = ({ ends, watts }: Samples): PowerSeries => ({
  sampling: 'mean',
  samples: Array.from(watts, (value, i) => ({ at: ends[i] ?? 0, watts: value })),
});

const lagOf = (work: Omit<SeenWork, 'from' | 'to'>, cpu?: PowerSeries, until = 300) => {
  const { samples, occupancy } = seenWork({ from: -40, to: 340, ...work });
  return findLag(occupancy, series(samples), cpu, until);
};

describe('findLag', () => {
  it.each([-19, -11.3, -3, -0.4, 0, 0.25, 0.6, 5.55, 12, 19])(
    'finds a lag of %s s from the work itself, to a part of a sample',
    (delaySeconds) => {
      const response = { delaySeconds, smoothingSeconds: 0 };
      const lag = lagOf({ response, runs: randomRuns(5, 0, 300) });
      expect(lag).toMatchObject({ found: true, from: 'work' });
      if (!lag.found) return;
      expect(Math.abs(lag.seconds - delaySeconds)).toBeLessThan(0.2);
      expect(Math.abs(lag.seconds - delaySeconds)).toBeLessThan(4 * lag.errorSeconds);
    },
  );

  it('finds it though power is sampled seldom, or smoothed', () => {
    const runs = randomRuns(6, 0, 300);
    const seldom = lagOf({ response: { delaySeconds: 7, smoothingSeconds: 0 }, intervalSeconds: 3, runs });
    expect(seldom.found && seldom.seconds).toBeCloseTo(7, 0);
    const smooth = { delaySeconds: 4, smoothingSeconds: 1.5 };
    const late = lagOf({ response: smooth, runs });
    // Somewhere between the delay and all of the smoothing.
    expect(late.found && late.seconds).toBeGreaterThan(4);
    expect(late.found && late.seconds).toBeLessThan(meanLag(smooth) + 0.5);
  });

  it('is not found in flat power', () => {
    const lag = lagOf({
      response: { delaySeconds: 3, smoothingSeconds: 0 },
      workWatts: 0,
      noiseWatts: 0,
      runs: randomRuns(5, 0, 300),
    });
    expect(lag).toEqual({ found: false, reason: expect.stringMatching(/second signal is flat/) });
  });

  it('is not found in power that has nothing to do with the work', () => {
    const lag = lagOf({
      response: { delaySeconds: 3, smoothingSeconds: 0 },
      workWatts: 0,
      noiseWatts: 5,
      runs: randomRuns(5, 0, 300),
    });
    expect(lag).toEqual({ found: false, reason: expect.stringMatching(/no common movement/) });
  });

  it('is not found where the load repeats: several lags fit as well', () => {
    const beat = Array.from({ length: 70 }, (_, k): [number, number] => [k * 6 - 60, k * 6 - 58]);
    const lag = lagOf({ response: { delaySeconds: 2, smoothingSeconds: 0 }, runs: beat });
    expect(lag).toEqual({ found: false, reason: expect.stringMatching(/ambiguous/) });
  });

  it('is not found beyond the longest lag that is looked for, nor in a short record', () => {
    const runs = randomRuns(5, 0, 300);
    const { samples, occupancy } = seenWork({
      from: -40,
      to: 340,
      runs,
      response: { delaySeconds: 12, smoothingSeconds: 0 },
    });
    expect(findLag(occupancy, series(samples), undefined, 300, 5).found).toBe(false);
    const brief = seenWork({
      from: 0,
      to: 20,
      runs: [[3, 5]],
      response: { delaySeconds: 0, smoothingSeconds: 0 },
    });
    expect(findLag(brief.occupancy, series(brief.samples), undefined, 20)).toEqual({
      found: false,
      reason: expect.stringMatching(/too short/),
    });
  });

  it('says of a machine without work that there is none to compare with', () => {
    const lag = lagOf({
      response: { delaySeconds: 3, smoothingSeconds: 0 },
      runs: randomRuns(5, 0, 300),
      logged: [],
    });
    expect(lag).toEqual({ found: false, reason: expect.stringMatching(/first signal is flat/) });
  });

  it("falls back on the processor's own power", () => {
    const response = { delaySeconds: 6, smoothingSeconds: 0 };
    const runs = randomRuns(5, 0, 300);
    const cpu = seenWork({
      from: -40,
      to: 340,
      runs,
      response: { delaySeconds: 0, smoothingSeconds: 0 },
      idleWatts: 10,
      workWatts: 30,
    });
    const lag = lagOf({ response, runs, logged: [] }, series(cpu.samples));
    expect(lag).toMatchObject({ found: true, from: 'cpu-power' });
    expect(lag.found && lag.seconds).toBeCloseTo(6, 0);
    const neither = lagOf({ response, runs, workWatts: 0, noiseWatts: 0 }, series(cpu.samples));
    expect(neither).toEqual({
      found: false,
      reason: expect.stringMatching(/against the work: .*against CPU power: /),
    });
  });

  it('does not compare power with a log that has ended', () => {
    const runs = randomRuns(7, 0, 900);
    const work: SeenWork = {
      from: -40,
      to: 900,
      response: { delaySeconds: 5, smoothingSeconds: 0 },
      runs,
      logged: runs.filter(([start]) => start < 150),
    };
    const { samples, occupancy } = seenWork(work);
    const lag = findLag(occupancy, series(samples), undefined, 150);
    expect(lag.found && lag.seconds).toBeCloseTo(5, 0);
  });
});

describe('responsesAround', () => {
  it('tries prompt and slow sensors, each around the same mean lag', () => {
    const tried = responsesAround(-11, 2);
    expect(tried.some(({ smoothingSeconds }) => smoothingSeconds === 0)).toBe(true);
    expect(Math.max(...tried.map(({ smoothingSeconds }) => smoothingSeconds))).toBe(8);
    for (const response of tried) expect(Math.abs(meanLag(response) + 11)).toBeLessThanOrEqual(3 + 1e-9);
    const slow = tried.filter(({ smoothingSeconds }) => smoothingSeconds === 4).map(meanLag);
    expect(Math.min(...slow)).toBeCloseTo(-14, 9);
    expect(Math.max(...slow)).toBeCloseTo(-8, 9);
  });
});
