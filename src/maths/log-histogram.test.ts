import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogHistogram } from './log-histogram.js';

const values = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });

const histogramOf = (all: readonly number[]): LogHistogram => {
  const histogram = new LogHistogram();
  for (const value of all) histogram.record(value);
  return histogram;
};

/** The least value that at least the part `q` of all do not exceed. */
const exact = (all: readonly number[], q: number): number =>
  [...all].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * all.length)) - 1] ?? Number.NaN;

describe('LogHistogram', () => {
  it('is off by less than 1 % in any quantile, and exact at both ends', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        const histogram = histogramOf(all);
        const truth = exact(all, q);
        expect(Math.abs((histogram.quantile(q) ?? Number.NaN) - truth)).toBeLessThan(0.01 * truth);
        expect(histogram.max).toBe(Math.max(...all));
        expect(histogram.min).toBe(Math.min(...all));
        expect(histogram.quantile(1)).toBe(histogram.max);
      }),
    );
  });

  it('tells the same of all values as of the sum of two parts', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const sum = histogramOf(a);
        sum.add(histogramOf(b));
        const whole = histogramOf([...a, ...b]);
        expect(sum.count).toBe(whole.count);
        expect(sum.mean).toBeCloseTo(whole.mean ?? Number.NaN, 6);
        for (const q of [0, 0.5, 0.9, 0.99, 1]) expect(sum.quantile(q)).toBe(whole.quantile(q));
      }),
    );
  });

  it('keeps its counts in order up to the last', () => {
    fc.assert(
      fc.property(values, (all) => {
        const steps = [...histogramOf(all).cumulative()];
        expect(steps.at(-1)?.count).toBe(all.length);
        expect(steps.at(-1)?.upTo).toBe(Math.max(...all));
        for (const [index, { upTo, count }] of steps.entries()) {
          expect(upTo).toBeGreaterThan(steps[index - 1]?.upTo ?? 0);
          expect(count).toBeGreaterThan(steps[index - 1]?.count ?? 0);
        }
      }),
    );
  });

  it('knows nothing of no values, and takes what lies beyond its range', () => {
    const histogram = new LogHistogram();
    expect([histogram.count, histogram.mean, histogram.max, histogram.quantile(0.5)]).toEqual([
      0,
      undefined,
      undefined,
      undefined,
    ]);
    for (const value of [0, -1, 1e-12, 1e12]) histogram.record(value);
    expect(histogram.count).toBe(4);
    expect(histogram.quantile(1)).toBe(1e12);
    expect(histogram.quantile(0)).toBeLessThan(1e-6);
    histogram.clear();
    expect(histogram.quantile(0.5)).toBeUndefined();
  });
});
