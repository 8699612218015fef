import { describe, expect, it } from 'vitest';
import { autocovariance } from './autocorrelation.js';
import { moments } from './moments.js';

describe('moments', () => {
  it('gives count, mean and deviation over n - 1, without the values that are none', () => {
    expect(moments([2, 4, Number.NaN, 6])).toEqual({ count: 3, mean: 4, deviation: 2 });
  });

  it('keeps a small deviation beside a large mean', () => {
    expect(moments([1e9 + 1, 1e9 + 2, 1e9 + 3]).deviation).toBeCloseTo(1, 9);
  });

  it('has no mean of nothing and no deviation of one', () => {
    expect(moments([])).toEqual({ count: 0, mean: Number.NaN, deviation: Number.NaN });
    expect(moments([3])).toEqual({ count: 1, mean: 3, deviation: Number.NaN });
  });
});

describe('autocovariance', () => {
  it('is that of a short series by hand', () => {
    // Mean 2; deviations -1, 1, -1, 1: products 4, -3, 2 over 4 values.
    expect([...autocovariance([1, 3, 1, 3], 2)]).toEqual([1, -0.75, 0.5]);
  });

  it('leaves out pairs with a gap, and lags that there are not', () => {
    const values = [1, 3, Number.NaN, 3, 1, 3];
    const [variance = 0, next = 0] = autocovariance(values, 1);
    // Mean 2.2; 1.2², 0.8² three times over five values; pairs (1,3), (3,1), (1,3).
    expect(variance).toBeCloseTo((2 * 1.44 + 3 * 0.64) / 5, 12);
    expect(next).toBeCloseTo(-0.96 * (1 - 1 / 6), 12);
    expect(autocovariance([1, 2], 10)).toHaveLength(2);
  });
});
