import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateSeries } from '../rate/rate-series.js';
import { addUsage, billedMib, billedSeconds, billedUsage, billedUsageOf, NO_USAGE } from './billed.js';
import { costPerJoule, invocationCost, monthlyCost } from './cost.js';
import { electricityCost, electricityCostOfTicks, parsePriceSeries } from './electricity.js';
import { priceTable } from './price-lookup.js';
import { PRICE_TABLES } from './price-tables.js';
import { roundUp } from './rounding.js';

const lambda = priceTable('aws-lambda-x86');
const arm = priceTable('aws-lambda-arm');

describe('rounding', () => {
  it('is up to the next step, but not beyond a multiple that binary numbers miss', () => {
    expect(roundUp(0.3, 0.1)).toBeCloseTo(0.3, 12);
    expect(roundUp(0.07, 0.01)).toBeCloseTo(0.07, 12);
    expect(roundUp(0.0301, 0.001)).toBeCloseTo(0.031, 12);
    expect(roundUp(0, 0.1)).toBe(0);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(0.001, 0.1, 1, 128), (steps, step) => {
        expect(Math.round(roundUp(steps * step, step) / step)).toBe(steps);
        expect(Math.round(roundUp((steps + 0.5) * step, step) / step)).toBe(steps + 1);
      }),
    );
  });

  it('is what each provider says', () => {
    const seconds = (id: string, all: number[]): number[] => all.map((s) => billedSeconds(priceTable(id), s));
    expect(seconds('aws-lambda-x86', [0, 0.0001, 0.0123])).toEqual([0.001, 0.001, 0.013]);
    expect(seconds('gcp-functions-tier1', [0.01, 0.1, 0.101])).toEqual([0.1, 0.1, 0.2]);
    expect(seconds('azure-consumption', [0.01, 0.1004])).toEqual([0.1, 0.101]);
    expect(seconds('azure-flex-consumption', [0.01, 1, 1.01])).toEqual([1, 1, 1.1]);
    const mib = (id: string, all: number[]): number[] => all.map((size) => billedMib(priceTable(id), size));
    expect(mib('aws-lambda-x86', [64, 128, 1769])).toEqual([128, 128, 1769]);
    expect(mib('azure-consumption', [100, 160, 1536])).toEqual([128, 256, 1536]);
    expect(mib('azure-flex-consumption', [100, 600, 2049])).toEqual([512, 2048, 4096]);
    expect(mib('gcp-functions-tier1', [100, 300])).toEqual([128, 512]);
    expect(() => billedMib(lambda, 10_241)).toThrow('aws-lambda-x86: 10241 MiB of memory');
    expect(() => billedSeconds(lambda, Number.NaN)).toThrow('an invocation of NaN s');
  });
});

describe('prices', () => {
  it('have a date and a source in every table, and tiers that end nowhere', () => {
    expect(new Set(PRICE_TABLES.map(({ id }) => id)).size).toBe(PRICE_TABLES.length);
    for (const { id, asOf, source, gbSecond, memory } of PRICE_TABLES) {
      expect(asOf, id).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(source.url, id).toMatch(/^https:\/\//);
      expect(gbSecond.at(-1)?.upTo, id).toBe(Number.POSITIVE_INFINITY);
      const rates = gbSecond.map(({ rate }) => rate);
      expect(rates, id).toEqual([...rates].sort((a, b) => b - a));
      expect(memory.minimumMib, id).toBeLessThan(memory.maximumMib);
    }
    expect(() => priceTable('aws-lamda-arm')).toThrow('no prices are known for "aws-lamda-arm"');
  });

  it('are as providers work them out themselves', () => {
    // Lambda: 3 million invocations of 120 ms with 1,536 MB are 540,000 GB-s, 140,000 of them beyond what is free.
    const lambdaMonth = billedUsage(lambda, { seconds: 0.12, memoryMib: 1536 }, 3e6);
    expect(lambdaMonth.gbSeconds).toBeCloseTo(540_000, 4);
    const free = monthlyCost(lambda, lambdaMonth, { free: true });
    expect(free.memory).toBeCloseTo(2.33, 2);
    expect(free.requests).toBeCloseTo(0.4, 9);
    expect(free.total).toBeCloseTo(2.73, 2);
    // Azure: 3 million of a second with 512 MB are 1.5 million GB-s, 1.1 million beyond what is free.
    const azure = priceTable('azure-consumption');
    const azureMonth = billedUsage(azure, { seconds: 1, memoryMib: 512 }, 3e6);
    expect(monthlyCost(azure, azureMonth, { free: true }).total).toBeCloseTo(17.6 + 0.4, 6);
  });

  it('of ARM are a fifth below those of x86', () => {
    const [x86, arm64] = [lambda, arm].map((table) => invocationCost(table, { seconds: 1, memoryMib: 1024 }));
    expect((arm64?.memory ?? 0) / (x86?.memory ?? 1)).toBeCloseTo(0.8, 4);
    expect(arm64?.requests).toBe(x86?.requests);
  });

  it('count processors where they are charged apart, and storage beyond what is included', () => {
    const run = priceTable('gcp-functions-tier1');
    const cost = invocationCost(run, { seconds: 1, memoryMib: 2048 });
    expect(cost.cpu).toBeCloseTo(0.000024, 12);
    expect(cost.memory).toBeCloseTo(0.000005, 12);
    expect(invocationCost(run, { seconds: 1, memoryMib: 2048, cpus: 4 }).cpu).toBeCloseTo(0.000096, 12);
    expect(
      invocationCost(priceTable('gcp-functions-gen1-tier1'), { seconds: 1, memoryMib: 256 }).cpu,
    ).toBeCloseTo(0.000004, 12);
    const storage = (storageMib: number): number =>
      invocationCost(lambda, { seconds: 10, memoryMib: 128, storageMib }).storage;
    expect(storage(512)).toBe(0);
    expect(storage(512 + 1024)).toBeCloseTo(10 * 0.0000000309, 15);
    expect(() => storage(20_000)).toThrow('20000 MiB of storage');
  });

  it('never fall with more invocations, and those of a sum are at most the sum of those alone', () => {
    const usage = fc.record({
      requests: fc.integer({ min: 0, max: 1e9 }),
      gbSeconds: fc.double({ min: 0, max: 3e10, noNaN: true }),
      cpuSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
      storageGbSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...PRICE_TABLES), usage, usage, fc.boolean(), (table, a, b, free) => {
        const [one, two, both] = [a, b, addUsage(a, b)].map((all) => monthlyCost(table, all, { free }).total);
        const slack = 1e-9 * (1 + (both ?? 0));
        expect(both ?? 0).toBeGreaterThanOrEqual((one ?? 0) - slack);
        // Without a free grant, later tiers are cheaper: together never dearer than apart.
        if (!free) expect(both ?? 0).toBeLessThanOrEqual((one ?? 0) + (two ?? 0) + slack);
        expect(monthlyCost(table, a, { free: true }).total).toBeLessThanOrEqual(
          monthlyCost(table, a).total + slack,
        );
      }),
    );
    expect(monthlyCost(lambda, NO_USAGE).total).toBe(0);
  });

  it('of invocations whose durations are known round each of them', () => {
    const durations = Float64Array.of(0.01, 0.11, 0.25);
    const run = priceTable('gcp-functions-tier1');
    const usage = billedUsageOf(run, durations, { memoryMib: 1024 });
    expect(usage).toMatchObject({ requests: 3 });
    expect(usage.gbSeconds).toBeCloseTo(0.1 + 0.2 + 0.3, 12);
    expect(usage.cpuSeconds).toBeCloseTo(0.6 * 0.583, 12);
  });

  it('come to money per joule', () => {
    expect(costPerJoule(2, 4)).toBe(0.5);
    expect(costPerJoule(2, 0)).toBeUndefined();
  });
});

describe('electricity', () => {
  it('costs its price, with what the building draws', () => {
    expect(electricityCost(3.6e6, 0.3)).toBeCloseTo(0.3, 12);
    expect(electricityCost(3.6e6, 0.3, 1.5)).toBeCloseTo(0.45, 12);
  });

  it('costs the price of its hour, and says what it has no price for', () => {
    const prices = parsePriceSeries('t,price_per_kwh\n0,0.1\n3600,0.5', { file: 'prices.csv' });
    expect(prices).toBeInstanceOf(RateSeries);
    const bill = electricityCostOfTicks(Float64Array.of(3.6e6, 3.6e6, 42), prices.ticks(0, 3600, 3));
    expect(bill.cost).toBeCloseTo(0.6, 12);
    expect(bill.unratedJoules).toBe(42);
    expect(() => parsePriceSeries('t,price\n0,80\n1,90', { file: 'x' })).toThrow(
      'x, line 2: price per kWh of 80',
    );
  });
});
