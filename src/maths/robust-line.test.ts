import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { robustLine } from './robust-line.js';
import { median, quantileSorted, robustDeviation, sorted, weightedLine } from './statistics.js';
import { normal, random } from './testing/signal.js';

function cloud(seed: number, count: number, slope: number, offset: number, noise: number, wild = 0) {
  const next = random(seed);
  const x = Array.from({ length: count }, () => 20 + 80 * next());
  const y = x.map((value) => offset + slope * value + noise * normal(next));
  for (let i = 0; i < wild * count; i++) {
    const at = Math.floor(next() * count);
    if (next() < 0.5) x[at] = 500 * next();
    else y[at] = 2000 * next();
  }
  return { x, y };
}

describe('robustLine', () => {
  it('finds a line exactly where there is no noise, whatever a fifth of the points say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.integer({ min: -50, max: 100 }),
        (seed, slope, offset) => {
          const { x, y } = cloud(seed, 100, slope, offset, 0, 0.2);
          const line = robustLine(x, y);
          expect(line?.slope.value).toBeCloseTo(slope, 6);
          expect(line?.offset.value).toBeCloseTo(offset, 4);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('states errors that hold what it is off by', () => {
    const deviations = Array.from({ length: 200 }, (_, seed) => {
      const { x, y } = cloud(seed + 1, 200, 1.4, 30, 5, 0.1);
      const line = robustLine(x, y);
      return [
        ((line?.slope.value ?? 0) - 1.4) / (line?.slope.standardError ?? 0),
        ((line?.offset.value ?? 0) - 30) / (line?.offset.standardError ?? 0),
      ];
    });
    for (const column of [0, 1]) {
      const rms = Math.sqrt(deviations.reduce((sum, row) => sum + (row[column] ?? 0) ** 2, 0) / 200);
      expect(rms).toBeGreaterThan(0.7);
      expect(rms).toBeLessThan(1.3);
    }
  });

  it('copes with many points, equal points and points that are no line', () => {
    const { x, y } = cloud(3, 20_000, 2, 1, 4);
    expect(robustLine(x, y)?.slope.value).toBeCloseTo(2, 1);
    expect(robustLine([5, 5, 5, 5], [1, 2, 3, 4])).toBeUndefined();
    expect(robustLine([1, 2], [1, 2])).toBeUndefined();
    expect(robustLine([1, 2, 3, 4], [7, 7, 7, 7])?.slope.value).toBe(0);
  });
});

describe('statistics', () => {
  it('gives quantiles between values in proportion', () => {
    const values = sorted([4, 1, 3, 2]);
    expect([0, 0.5, 1, 2].map((q) => quantileSorted(values, q))).toEqual([1, 2.5, 4, 4]);
    expect(median([])).toBeNaN();
    expect(robustDeviation([1, 2, 3, 4, 1000])).toBeCloseTo(1.4826, 9);
  });

  it('draws a line through points by their errors', () => {
    const points = [0, 1, 2, 3].map((x) => ({ x, y: 5 + 2 * x, error: 0.1 }));
    const line = weightedLine([...points, { x: 4, y: 900, error: 1e4 }]);
    expect(line?.slope.value).toBeCloseTo(2, 2);
    expect(weightedLine(points)?.slope.standardError).toBeCloseTo(0.1 / Math.sqrt(5), 9);
    expect(weightedLine(points.slice(0, 2))).toBeUndefined();
    expect(weightedLine(points.map((point) => ({ ...point, x: 1 })))).toBeUndefined();
  });
});
