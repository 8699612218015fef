import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLaw, lawValue } from './law.js';

const xs = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
const features = xs.map((x) => Float64Array.of(1, 1 / x, x));
const rowsOf = (values: readonly number[]) => ({
  features,
  values: Float64Array.from(values),
  variances: new Float64Array(xs.length).fill(1),
});

describe('fitLaw', () => {
  it('finds coefficients that are not negative', () => {
    fc.assert(
      fc.property(
        fc.tuple(
          fc.double({ min: 0.1, max: 50, noNaN: true }),
          fc.double({ min: 0.1, max: 50, noNaN: true }),
        ),
        ([a, b]) => {
          const { coefficients } = fitLaw(rowsOf(xs.map((x) => a + b / x)));
          expect((coefficients[0] ?? 0) / a).toBeCloseTo(1, 3);
          expect((coefficients[1] ?? 0) / b).toBeCloseTo(1, 3);
          expect(coefficients.every((value) => value >= 0)).toBe(true);
        },
      ),
    );
  });

  it('keeps to most rows where some are wild', () => {
    const values = xs.map((x, i) => (2 + 30 / x) * (i === 3 ? 6 : i === 8 ? 4 : 1 + 0.01 * Math.cos(i)));
    const { coefficients } = fitLaw(rowsOf(values));
    for (const [i, x] of xs.entries()) {
      const law = lawValue(coefficients, features[i] ?? new Float64Array(0));
      expect(law / (2 + 30 / x)).toBeCloseTo(1, 0);
      expect(Math.abs(law / (2 + 30 / x) - 1)).toBeLessThan(0.1);
    }
  });

  it('leaves terms out that say the same as others, or nothing', () => {
    const doubled = xs.map((x) => Float64Array.of(1, 1 / x, 0, 2, Number.NaN));
    const { coefficients, active } = fitLaw({ ...rowsOf(xs.map((x) => 3 + 5 / x)), features: doubled });
    expect(active).toEqual([0, 1]);
    expect(coefficients[0]).toBeCloseTo(3, 3);
  });

  it('does not look at rows that have no say', () => {
    const values = xs.map((x, i) => (i === 0 ? 1e6 : 3 + 5 / x));
    const variances = new Float64Array(xs.length)
      .fill(1)
      .map((one, i) => (i === 0 ? Number.POSITIVE_INFINITY : one));
    const { coefficients } = fitLaw({ ...rowsOf(values), variances });
    expect(coefficients[1]).toBeCloseTo(5, 2);
  });
});
