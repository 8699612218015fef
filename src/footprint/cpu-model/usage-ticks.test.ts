import { describe, expect, it } from 'vitest';
import { usageByTick } from '../rows/usage-by-tick.js';
import { usageTable } from './testing/processor.js';
import { cpuRowsOf, UsageTicks, usageTickAt } from './usage-ticks.js';

const TABLE = usageTable([
  [2, 'fn:a', { cpuSeconds: 1, cycles: 3e9 }],
  [1, 'fn:a', { cpuSeconds: 0.5, cycles: 1e9 }],
  [1, 'os', { cpuSeconds: 0.1, cycles: 2e8 }],
  [1, 'system', { cpuSeconds: 0.7, cycles: 1.4e9 }],
  [2, 'system', { cpuSeconds: 1.2, cycles: 3.5e9 }],
  [4, 'os', { cpuSeconds: 0.2, cycles: 4e8 }],
  [4, 'fn:b', { cpuSeconds: 2 }],
]);

describe('UsageTicks', () => {
  it('puts rows together by time, whatever their order', () => {
    const ticks = new UsageTicks(TABLE);
    expect([...ticks.times]).toEqual([1, 2, 4]);
    expect([...ticks.seconds]).toEqual([1.5, 1, 2]);
    expect(ticks.principals).toEqual(['fn:a', 'os', 'fn:b']);
    expect([...ticks.at(0).counters.cpuSeconds]).toEqual([0.5, 0.1, 0]);
    expect(ticks.at(1)).toMatchObject({ seconds: 1, system: { cpuSeconds: 1.2, cycles: 3.5e9 } });
    // Who has no row did nothing; whose counter is blank did something.
    expect([...ticks.at(2).counters.cycles]).toEqual([0, 4e8, Number.NaN]);
  });

  it('copes with no rows', () => {
    expect(new UsageTicks(usageTable([])).count).toBe(0);
  });
});

describe('usageTickAt', () => {
  it('tells the same by the ticks of the account', () => {
    const byTick = usageByTick(TABLE, { start: 1, tickSeconds: 1, count: 3 });
    const tick = usageTickAt(byTick, 0);
    expect(tick).toMatchObject({ seconds: 1, system: { cpuSeconds: 1.2, cycles: 3.5e9 } });
    expect(tick.principals).toEqual(['fn:a', 'fn:b', 'os']);
    expect(tick.counters.cpuSeconds[0]).toBe(1);
    expect(tick.counters.referenceCycles[0]).toBeNaN();
    // Spread over the two seconds since the sample before.
    expect(usageTickAt(byTick, 2).counters.cpuSeconds[1]).toBe(1);
  });
});

describe('cpuRowsOf', () => {
  it('brings counters and power together, on the clock of the work', () => {
    const table = usageTable(
      Array.from({ length: 40 }, (_, i) => [i + 1, 'system', { cpuSeconds: i % 4, cycles: i }] as const),
    );
    const t = Float64Array.from({ length: 60 }, (_, i) => i + 1);
    // Power comes three seconds late; some readings are bad.
    const cpuWatts = t.map((at) => 5 + 10 * ((((at - 4) % 4) + 4) % 4));
    cpuWatts[20] = -1;
    const power = { t, systemWatts: cpuWatts, cpuWatts };
    const { watts, counters } = cpuRowsOf(table, power, 3);
    expect([...watts.subarray(5, 10)]).toEqual([15, 25, 35, 5, 15]);
    expect([...counters.cpuSeconds.subarray(5, 10)]).toEqual([1, 2, 3, 0, 1]);
    expect(watts[17]).toBeNaN();
  });
});
