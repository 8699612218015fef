import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { type Arrivals, arrivalTimes, meanRate, timesAsOften } from './arrivals.js';

const PATTERNS: readonly Arrivals[] = [
  { kind: 'poisson', perSecond: 2 },
  { kind: 'heavy-tailed', perSecond: 2, spread: 1 },
  { kind: 'minutes', perSecond: 2, spread: 0.5, persistence: 0.5 },
  { kind: 'bursty', perSecond: 2, onSeconds: 10, offSeconds: 30 },
  { kind: 'periodic', everySeconds: 2, batch: 4, jitterSeconds: 0.5 },
];

function timesUntil(arrivals: Arrivals, end: number, seed = 1, from = 0): number[] {
  const next = arrivalTimes(arrivals, seededRandom(seed), from);
  const times: number[] = [];
  for (let time = next(); time < end; time = next()) times.push(time);
  return times;
}

/** Variance over mean of counts in windows: 1 when arrivals know nothing of one another. */
function dispersion(times: readonly number[], window: number, end: number): number {
  const counts = new Array<number>(Math.floor(end / window)).fill(0);
  for (const time of times) {
    const index = Math.floor(time / window);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length / mean;
}

describe.each(PATTERNS)('$kind arrivals', (arrivals) => {
  it('come as often as they say, in order, none before they begin', () => {
    const times = timesUntil(arrivals, 50_000, 3, 100);
    expect(times.length / 49_900 / meanRate(arrivals)).toBeCloseTo(1, 0.8);
    expect(times[0]).toBeGreaterThanOrEqual(100);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('are the same for the same seed, and others for another', () => {
    expect(timesUntil(arrivals, 100)).toEqual(timesUntil(arrivals, 100));
    expect(timesUntil(arrivals, 100)).not.toEqual(timesUntil(arrivals, 100, 2));
  });

  it('can be had more often', () => {
    const often = timesUntil(timesAsOften(arrivals, 3), 10_000).length;
    expect(often / timesUntil(arrivals, 10_000).length).toBeGreaterThan(2.5);
  });
});

it('tells patterns apart by how unevenly they come', () => {
  const [poisson, heavy, minutes, bursty, periodic] = PATTERNS.map((arrivals) =>
    dispersion(timesUntil(arrivals, 40_000), 20, 40_000),
  );
  expect(poisson).toBeGreaterThan(0.8);
  expect(poisson).toBeLessThan(1.2);
  expect(heavy).toBeGreaterThan(1.4);
  expect(minutes).toBeGreaterThan(4);
  expect(bursty).toBeGreaterThan(10);
  expect(periodic).toBeLessThan(0.2);
});

it('ends when a rate of 0 goes on for ever', () => {
  expect(arrivalTimes({ kind: 'poisson', perSecond: 0 }, seededRandom(1), 0)()).toBe(
    Number.POSITIVE_INFINITY,
  );
});
