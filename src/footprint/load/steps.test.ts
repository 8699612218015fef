import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, StepIntegral, type Steps } from './steps.js';

const STEPS: Steps = { start: -2, stepSeconds: 0.5, count: 6 };
const VALUES = [1, 0, 4, 2, 0, 8];

/** The integral up to `t`, step by step, by the plainest means. */
function plainly({ start, stepSeconds }: Steps, values: readonly number[], t: number): number {
  return values.reduce((sum, value, j) => {
    const begin = start + j * stepSeconds;
    return sum + value * Math.min(stepSeconds, Math.max(0, t - begin));
  }, 0);
}

describe('StepIntegral', () => {
  it('ends where its last step does', () => {
    expect(endOf(STEPS)).toBe(1);
  });

  it('integrates what is constant within each step, and takes what lies outside for nothing', () => {
    const integral = new StepIntegral(STEPS, VALUES);
    expect(integral.upTo(-100)).toBe(0);
    expect(integral.upTo(-2)).toBe(0);
    expect(integral.upTo(-1.75)).toBeCloseTo(0.25, 12);
    expect(integral.upTo(-0.75)).toBeCloseTo(0.5 + 1, 12);
    expect(integral.upTo(1)).toBeCloseTo(7.5, 12);
    expect(integral.upTo(100)).toBeCloseTo(7.5, 12);
  });

  it('gives the mean over a span, a span that reaches out of the grid too, and none over no time', () => {
    const integral = new StepIntegral(STEPS, VALUES);
    expect(integral.mean(-1, 0)).toBeCloseTo(3, 12);
    expect(integral.mean(0.5, 2)).toBeCloseTo(4 / 1.5, 12);
    expect(integral.mean(0, 0)).toBeNaN();
    expect(integral.mean(1, 0)).toBeNaN();
  });

  it('agrees with the sum over steps for any grid, value and moment', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e3, noNaN: true }), { minLength: 0, maxLength: 30 }),
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.constantFrom(0.1, 0.25, 1, 7),
        fc.double({ min: -2, max: 35, noNaN: true }),
        (values, start, stepSeconds, place) => {
          const steps = { start, stepSeconds, count: values.length };
          const t = start + place * stepSeconds;
          const expected = plainly(steps, values, t);
          expect(Math.abs(new StepIntegral(steps, values).upTo(t) - expected)).toBeLessThanOrEqual(
            1e-9 * (1 + expected),
          );
        },
      ),
    );
  });
});
