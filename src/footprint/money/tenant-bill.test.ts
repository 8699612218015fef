import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion } from './apportion.js';
import { type BilledFunction, billTenants, fromNanos, type Tariff, UNASSIGNED } from './tenant-bill.js';

const tariff: Tariff = {
  currency: 'EUR',
  carbonPerTonne: 100,
  electricityPerKilowattHour: 0.36,
  pue: 1.5,
  embodied: true,
};

const amount = fc.double({ min: 0, max: 1e9, noNaN: true });
const functionsArbitrary = fc.array(
  fc.record({
    name: fc.string(),
    tenant: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
    joules: amount,
    operationalGrams: amount,
    embodiedGrams: amount,
  }),
  { maxLength: 20 },
) as fc.Arbitrary<BilledFunction[]>;

describe('apportioning', () => {
  it('gives out exactly the total, each within one of its exact share', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), weights, (total, all) => {
        const shares = apportion(total, all);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
        const sum = all.reduce((whole, weight) => whole + weight, 0);
        if (sum === 0) return;
        for (const [index, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(0);
          const exact = (total * (all[index] ?? 0)) / sum;
          expect(Math.abs(share - exact)).toBeLessThanOrEqual(1 + 1e-9 * exact);
        }
      }),
    );
  });

  it('does not depend on the order, but for ties', () => {
    expect(apportion(10, [1, 2, 4])).toEqual([1, 3, 6]);
    expect(apportion(10, [4, 2, 1])).toEqual([6, 3, 1]);
    expect(apportion(1, [1, 1])).toEqual([1, 0]);
    expect(apportion(5, [0, 0])).toEqual([5, 0]);
    expect(apportion(0, [])).toEqual([]);
  });
});

describe('the bill of tenants', () => {
  it('has parts that add up to the whole, to the last billionth', () => {
    fc.assert(
      fc.property(functionsArbitrary, fc.boolean(), (functions, embodied) => {
        const bill = billTenants(functions, { ...tariff, embodied });
        const whole = (pick: (row: BilledFunction) => number, price: number): number =>
          Math.round(functions.reduce((sum, row) => sum + pick(row) * price, 0) * 1e9);
        const sums = {
          operationalNanos: 0,
          embodiedNanos: 0,
          electricityNanos: 0,
          totalNanos: 0,
        };
        for (const row of bill.tenants) {
          for (const key of Object.keys(sums) as (keyof typeof sums)[]) {
            expect(Number.isInteger(row[key])).toBe(true);
            sums[key] += row[key];
          }
          expect(row.operationalNanos + row.embodiedNanos + row.electricityNanos).toBe(row.totalNanos);
        }
        expect(sums).toEqual(bill.total);
        // The whole is what all functions together come to; that sum is a double's.
        const expected = whole(({ operationalGrams }) => operationalGrams, 1e-4);
        expect(Math.abs(bill.total.operationalNanos - expected)).toBeLessThanOrEqual(1 + 1e-12 * expected);
        if (!embodied) expect(bill.total.embodiedNanos).toBe(0);
        expect(bill.tenants.flatMap((row) => row.functions).length).toBe(functions.length);
      }),
    );
  });

  it('charges electricity with PUE, and carbon at its price', () => {
    const bill = billTenants(
      [
        { name: 'one', tenant: 'red', joules: 3.6e6, operationalGrams: 1e6, embodiedGrams: 5e5 },
        { name: 'two', tenant: 'blue', joules: 7.2e6, operationalGrams: 2e6 },
        { name: 'three', tenant: 'red', joules: 0, operationalGrams: 0 },
        { name: 'stray', joules: 3.6e6, operationalGrams: 0 },
      ],
      tariff,
    );
    expect(bill.tenants.map(({ tenant, functions }) => [tenant, functions])).toEqual([
      ['red', ['one', 'three']],
      ['blue', ['two']],
      [UNASSIGNED, ['stray']],
    ]);
    const [red, blue, stray] = bill.tenants;
    expect(fromNanos(red?.operationalNanos ?? 0)).toBe(100);
    expect(fromNanos(red?.embodiedNanos ?? 0)).toBe(50);
    expect(fromNanos(red?.electricityNanos ?? 0)).toBeCloseTo(0.54, 9);
    expect(fromNanos(blue?.totalNanos ?? 0)).toBeCloseTo(201.08, 9);
    expect(stray?.grams).toBe(0);
    expect(fromNanos(bill.total.totalNanos)).toBeCloseTo(150.54 + 201.08 + 0.54, 9);
  });

  it('is empty for nobody, and refuses what is no figure', () => {
    expect(billTenants([], tariff).total.totalNanos).toBe(0);
    const bad = { name: 'x', joules: Number.NaN, operationalGrams: 1 };
    expect(() => billTenants([bad], tariff)).toThrow("x: NaN J, 1 g can't be billed");
  });
});
