import { describe, expect, it } from 'vitest';
import { statistics } from './sample-statistics.js';

describe('statistics', () => {
  it('gives mean, sample deviation and the 95 % interval of a textbook sample', () => {
    // 2 4 4 4 5 5 7 9: mean 5, sample deviation 2.138, t(7) = 2.3646
    const found = statistics([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(found?.mean).toBe(5);
    expect(found?.standardDeviation).toBeCloseTo(2.1381, 4);
    expect(found?.confidence95).toBeCloseTo((2.364624 * 2.13809) / Math.sqrt(8), 5);
  });

  it('knows no deviation of one value, and nothing of none', () => {
    expect(statistics([3])).toEqual({
      count: 1,
      mean: 3,
      standardDeviation: undefined,
      confidence95: undefined,
    });
    expect(statistics([])).toBeUndefined();
  });

  it('knows the quantiles of many degrees of freedom', () => {
    const sample = (n: number) =>
      statistics(Array.from({ length: n }, (_, i) => i % 2)) as {
        confidence95: number;
        standardDeviation: number;
      };
    const t = (n: number) => (sample(n).confidence95 / sample(n).standardDeviation) * Math.sqrt(n);
    expect(t(31)).toBeCloseTo(2.042, 3);
    expect(t(32)).toBeCloseTo(2.0395, 4);
  });
});
