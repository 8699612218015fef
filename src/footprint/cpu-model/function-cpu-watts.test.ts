import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CounterSample, counterColumns, eachCounter } from './counters.js';
import { functionCpuWatts, type UsageTick } from './function-cpu-watts.js';
import type { CpuModel } from './model.js';

const FROM_TIME = {
  method: 'robust',
  inputs: ['cpuSeconds'],
  joulesPerUnit: [4],
  curve: [{ cores: 1, watts: 10 }],
  idleWatts: 5,
  relativeError: 0.08,
  rows: 300,
} as const;
const MODEL: CpuModel = {
  ...FROM_TIME,
  inputs: ['cpuSeconds', 'cycles', 'llcMisses'],
  joulesPerUnit: [0, 1e-9, 1e-6],
  fromTime: FROM_TIME,
};
const NONE: CounterSample = eachCounter(() => Number.NaN);

const used = (cpuSeconds: number, gigahertz = 3, misses = 0): CounterSample => ({
  cpuSeconds,
  cycles: cpuSeconds * gigahertz * 1e9,
  referenceCycles: cpuSeconds * 2.4e9,
  instructions: cpuSeconds * 3e9,
  llcMisses: misses,
});

function tickOf(samples: Record<string, CounterSample>, more: Partial<UsageTick> = {}): UsageTick {
  const principals = Object.keys(samples);
  const counters = counterColumns(principals.length);
  principals.forEach((name, place) => {
    eachCounter((counter) => {
      counters[counter][place] = samples[name]?.[counter] ?? Number.NaN;
    });
  });
  return { seconds: 1, principals, counters, ...more };
}

describe('functionCpuWatts', () => {
  it('weighs each principal by what the model says of its own counters', () => {
    const model = { ...MODEL, curve: [] };
    const shares = functionCpuWatts(
      model,
      tickOf(
        { 'fn:fast': used(1, 4), 'fn:slow': used(1, 1), 'fn:hungry': used(1, 1, 2e6), os: used(0) },
        { cpuWatts: 45 },
      ),
    );
    // 4, 1, 1 + 2 and 0 joules of 8, of 40 W above idle.
    expect([...(shares?.watts ?? [])]).toEqual([
      expect.closeTo(20, 9),
      expect.closeTo(5, 9),
      expect.closeTo(15, 9),
      0,
    ]);
    expect(shares).toMatchObject({ totalWatts: 45, idleWatts: 5, totalProvenance: 'measured' });
  });

  it('shares by CPU time what the processor draws for being busy at all', () => {
    const model = { ...MODEL, joulesPerUnit: [0, 0, 0] };
    const shares = functionCpuWatts(model, tickOf({ 'fn:a': used(3), 'fn:b': used(1) }, { cpuWatts: 25 }));
    expect([...(shares?.watts ?? [])]).toEqual([expect.closeTo(15, 9), expect.closeTo(5, 9)]);
  });

  it('models power that was not measured', () => {
    const shares = functionCpuWatts(MODEL, tickOf({ 'fn:a': used(2) }, { seconds: 2 }));
    expect(shares?.totalProvenance).toBe('modelled');
    expect(shares?.totalWatts).toBeCloseTo(5 + 3 + 10 * (1 - Math.exp(-1)), 9);
  });

  it('leaves to nobody what only the system counted', () => {
    const shares = functionCpuWatts(MODEL, tickOf({ 'fn:a': used(1) }, { cpuWatts: 45, system: used(4) }));
    expect(shares?.watts[0]).toBeCloseTo(10, 9);
    expect(shares?.unattributedWatts).toBeCloseTo(30, 9);
  });

  it('takes a principal without counters by its CPU time, and names it', () => {
    const shares = functionCpuWatts(
      MODEL,
      tickOf(
        {
          'fn:a': used(1),
          'fn:b': { ...NONE, cpuSeconds: 1 },
          'fn:c': { ...used(1), cycles: -7 },
          'fn:d': NONE,
        },
        { cpuWatts: 45, system: used(4) },
      ),
    );
    expect(shares?.estimated).toEqual(['fn:b', 'fn:c']);
    expect(shares?.unknown).toEqual(['fn:d']);
    expect([...(shares?.watts ?? [])]).toEqual([10, 10, 10, 0].map((watts) => expect.closeTo(watts, 9)));
  });

  it('says so where it makes do with CPU time', () => {
    const time = (cpuSeconds: number): CounterSample => ({ ...NONE, cpuSeconds });
    const shares = functionCpuWatts(MODEL, tickOf({ 'fn:a': time(3), os: time(1) }, { cpuWatts: 25 }));
    expect([...(shares?.watts ?? [])]).toEqual([expect.closeTo(15, 9), expect.closeTo(5, 9)]);
    expect(shares?.method).toBe(
      'robust linear fit of CPU power on CPU time (performance counters are missing here)',
    );
    expect(functionCpuWatts(MODEL, tickOf({ 'fn:a': used(1) }, { cpuWatts: 25 }))?.method).toBe(
      'robust linear fit of CPU power on CPU time, cycles, LLC misses',
    );
    const reason = 'there are no performance counters';
    expect(
      functionCpuWatts({ ...FROM_TIME, fromTime: FROM_TIME, reason }, tickOf({ 'fn:a': time(1) }))?.method,
    ).toBe(`robust linear fit of CPU power on CPU time (${reason})`);
  });

  it('gives nobody what is measured below idle, and everything to nobody in a second without work', () => {
    const below = functionCpuWatts(MODEL, tickOf({ 'fn:a': used(1) }, { cpuWatts: 4 }));
    expect(below?.watts[0]).toBe(0);
    expect(below?.unattributedWatts).toBeCloseTo(-1, 9);
    const quiet = functionCpuWatts(MODEL, tickOf({ 'fn:a': used(0) }, { cpuWatts: 7, idleCpuWatts: 6 }));
    expect(quiet).toMatchObject({ idleWatts: 6, unattributedWatts: 1 });
    expect(functionCpuWatts(MODEL, tickOf({}, { system: NONE }))).toBeUndefined();
  });

  it('adds up to the measured or modelled power, whatever was counted', () => {
    const figure = fc.oneof(
      fc.double({ min: 0, max: 1e10, noNaN: true }),
      fc.constantFrom(Number.NaN, 0, -5, Number.POSITIVE_INFINITY),
    );
    const time = fc.oneof(fc.double({ min: 0, max: 8, noNaN: true }), fc.constantFrom(Number.NaN, -1, 0));
    const sample: fc.Arbitrary<CounterSample> = fc.record({
      cpuSeconds: time,
      cycles: figure,
      referenceCycles: figure,
      instructions: figure,
      llcMisses: figure,
    });
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 12 }),
        fc.option(sample, { nil: undefined }),
        fc.oneof(fc.double({ min: 0, max: 300, noNaN: true }), fc.constant(Number.NaN)),
        (samples, system, cpuWatts) => {
          const named = Object.fromEntries(samples.map((one, i) => [`fn:${i}`, one]));
          const shares = functionCpuWatts(MODEL, tickOf(named, { cpuWatts, ...(system && { system }) }));
          if (shares === undefined) return;
          const { watts, unattributedWatts, idleWatts, totalWatts } = shares;
          const sum = watts.reduce((all, value) => all + value, 0);
          expect(Math.abs(sum + unattributedWatts + idleWatts - totalWatts)).toBeLessThanOrEqual(
            1e-9 * (1 + totalWatts),
          );
          expect(watts.every((value) => value >= 0)).toBe(true);
          if (totalWatts >= idleWatts)
            expect(unattributedWatts).toBeGreaterThanOrEqual(-1e-9 * (1 + totalWatts));
        },
      ),
      { numRuns: 500 },
    );
  });
});
