import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceTable } from './price-lookup.js';
import { type Tier, tieredCost } from './tiers.js';

const lambda = priceTable('aws-lambda-x86');

const tiersArbitrary = fc
  .array(fc.record({ width: fc.integer({ min: 1, max: 1000 }), rate: fc.integer({ min: 0, max: 100 }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((rows): Tier[] => {
    let upTo = 0;
    return rows.map(({ width, rate }, index) => {
      upTo += width;
      return { upTo: index === rows.length - 1 ? Number.POSITIVE_INFINITY : upTo, rate };
    });
  });
const quantity = fc.integer({ min: 0, max: 10_000 });

describe('tiers', () => {
  it('never cost less for more', () => {
    fc.assert(
      fc.property(tiersArbitrary, quantity, quantity, (tiers, a, b) => {
        expect(tieredCost(a + b, tiers)).toBeGreaterThanOrEqual(tieredCost(a, tiers));
      }),
    );
  });

  it('are continuous at their edges', () => {
    fc.assert(
      fc.property(tiersArbitrary, (tiers) => {
        for (const { upTo } of tiers.slice(0, -1)) {
          const [below, above] = [tieredCost(upTo - 1e-6, tiers), tieredCost(upTo + 1e-6, tiers)];
          expect(above - below).toBeLessThanOrEqual(2e-6 * 100 + 1e-9);
        }
      }),
    );
  });

  it('add up: the cost of all is that of each tier alone', () => {
    fc.assert(
      fc.property(tiersArbitrary, quantity, (tiers, all) => {
        let from = 0;
        const parts = tiers.map(({ upTo, rate }) => {
          const units = Math.max(0, Math.min(all, upTo) - from);
          from = upTo;
          return units * rate;
        });
        expect(tieredCost(all, tiers)).toBe(parts.reduce((sum, part) => sum + part, 0));
      }),
    );
  });

  it('are exact at the edges of AWS Lambda', () => {
    const cost = (billions: number): number => tieredCost(billions * 1e9, lambda.gbSecond);
    expect(cost(6)).toBeCloseTo(100_000.2, 4);
    expect(cost(15)).toBeCloseTo(100_000.2 + 135_000, 4);
    expect(cost(16)).toBeCloseTo(100_000.2 + 135_000 + 13_333.4, 4);
    expect(tieredCost(0, lambda.gbSecond)).toBe(0);
    expect(() => tieredCost(-1, lambda.gbSecond)).toThrow('a quantity of -1');
  });
});
