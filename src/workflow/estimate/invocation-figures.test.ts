import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import { carbonOf, invocationCarbon, invocationCarbonGrams } from './invocation-carbon.js';
import { invocationCostUsd } from './invocation-cost.js';

const carbon = (settings: object) => settingsSchema.parse({ carbon: settings }).carbon;

describe('the carbon of an invocation', () => {
  it('is its energy on the grid, times what the building draws', () => {
    const settings = carbon({ intensity_g_per_kwh: 360, pue: 1.5 });
    expect(carbonOf(3.6e6, settings)).toBeCloseTo(540, 9);
    expect(invocationCarbon({ joules: 3.6e6, wallSeconds: 1, cpu: 1, coresLogical: 4 }, settings)).toEqual({
      operationalGrams: carbonOf(3.6e6, settings),
      grams: carbonOf(3.6e6, settings),
    });
  });

  it('has the part of the making of the server that its processors are', () => {
    const settings = carbon({
      intensity_g_per_kwh: 0,
      embodied: { kilograms: 1000, lifetime_years: 1, share: 0.5 },
    });
    const grams = (cpu: number, coresLogical?: number) =>
      invocationCarbonGrams({ joules: 1, wallSeconds: 365 * 24 * 3600, cpu, coresLogical }, settings);
    expect(grams(2, 4)).toBeCloseTo(1e6 * 0.5 * 0.5, 6);
    expect(grams(8, 4)).toBeCloseTo(1e6 * 0.5, 6);
    expect(grams(2)).toBe(0);
  });
});

describe('the cost of an invocation', () => {
  const { workflow } = settingsSchema.parse({});
  const cost = (cpu: number, memoryMib: number, price_table = workflow.price_table) =>
    invocationCostUsd({ wallSeconds: 1, cpu, memoryMib }, { price_table });

  it('is of the memory that it takes to have the processors', () => {
    expect(cost(0.1, 1024)).toBeCloseTo(0.0000166667 + 2e-7, 12);
    expect(cost(1, 1024)).toBeCloseTo((0.0000166667 * 1769) / 1024 + 2e-7, 12);
  });

  it('is of memory and processors where they are charged apart', () => {
    expect(cost(2, 1024, 'gcp-functions-tier1')).toBeCloseTo(0.0000025 + 2 * 0.000024 + 4e-7, 12);
  });

  it('is not known where it can not be had or is not wanted, and an error by prices that there are none of', () => {
    expect(cost(8, 1024)).toBeUndefined();
    expect(cost(1, 1024, 'none')).toBeUndefined();
    expect(() => cost(1, 1024, 'aws-lamda')).toThrow('no prices are known for "aws-lamda"');
  });
});
