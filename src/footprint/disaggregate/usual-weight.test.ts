import { describe, expect, it } from 'vitest';
import { usualWeight } from './usual-weight.js';

const of = (...values: number[]): Float64Array => Float64Array.from(values);

describe('usualWeight', () => {
  it('is the mean of weights that are known as well as one another', () => {
    expect(usualWeight(of(10, 20, 30), of(1, 1, 1)).watts).toBeCloseTo(20, 6);
  });

  it('counts what is well known for more than what is hardly known', () => {
    expect(usualWeight(of(10, 11, 500), of(0.5, 0.5, 900)).watts).toBeLessThan(15);
    expect(usualWeight(of(10, 11, 500), of(0.5, 0.5, Number.POSITIVE_INFINITY)).watts).toBeCloseTo(10.5, 6);
  });

  it('holds weights to differ by what their errors do not explain, within bounds', () => {
    expect(usualWeight(of(10, 10.1, 9.9), of(0.1, 0.1, 0.1)).deviation).toBe(0.5);
    expect(usualWeight(of(1, 100, 1, 1), of(0.1, 0.1, 0.1, 0.1)).deviation).toBe(1.5);
    const { watts, deviation } = usualWeight(of(2, 10, 18, 26), of(0.1, 0.1, 0.1, 0.1));
    expect(watts * deviation).toBeCloseTo(Math.sqrt((12 ** 2 + 4 ** 2 + 4 ** 2 + 12 ** 2) / 3), 0);
    expect(usualWeight(of(2, 10, 18, 26), of(30, 30, 30, 30)).deviation).toBe(0.5);
  });

  it('is next to nothing, but not nothing, where no weight is', () => {
    for (const { watts, deviation } of [usualWeight(of(0, 0), of(1e-9, 1e-9)), usualWeight(of(), of())]) {
      expect(watts).toBe(1e-6);
      expect(deviation).toBe(1.5);
    }
  });

  it('is known no better than the weights are where the power told of none', () => {
    const { watts, deviation } = usualWeight(of(0, 0), of(75, 75));
    expect(watts * deviation).toBeCloseTo(75 / Math.SQRT2, 6);
  });
});
