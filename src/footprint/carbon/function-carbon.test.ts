import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embodiedGrams } from './embodied.js';
import { functionCarbon } from './function-carbon.js';
import { operationalGrams } from './operational.js';

describe('carbon of functions', () => {
  const functions = [
    { name: 'busy', invocations: 900, meanLatencySeconds: 2, totalJoules: 40 },
    { name: 'rare', invocations: 1, meanLatencySeconds: 0.1, totalJoules: 500 },
    { name: 'never', invocations: 0, meanLatencySeconds: 0, totalJoules: 0 },
  ];
  const machine = {
    gramsPerKilowattHour: 386,
    pue: 1.2,
    server: { kilograms: 471, lifetimeYears: 5 },
    cores: 96,
  };
  const window = 3600;

  it('shares all of the making of the machine among those that were active', () => {
    const carbon = functionCarbon(functions, window, machine);
    expect(carbon.map(({ name }) => name)).toEqual(['busy', 'rare']);
    const [busy, rare] = carbon;
    const whole = (busy?.embodiedGrams ?? 0) * 900 + (rare?.embodiedGrams ?? 0);
    expect(whole).toBeCloseTo(embodiedGrams(machine.server, window), 12);
    expect(busy?.operationalGrams).toBeCloseTo(operationalGrams(40, 386, 1.2), 12);
    expect(busy?.carbonGrams).toBe((busy?.operationalGrams ?? 0) + (busy?.embodiedGrams ?? 0));
  });

  it('gives out every gram of the machine once, whatever ran', () => {
    const work = fc.array(
      fc.record({
        name: fc.string(),
        invocations: fc.integer({ min: 0, max: 1e6 }),
        meanLatencySeconds: fc.double({ min: 0, max: 60, noNaN: true }),
        totalJoules: fc.double({ min: 0, max: 1e5, noNaN: true }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(work, fc.double({ min: 1, max: 2, noNaN: true }), (rows, pue) => {
        const carbon = functionCarbon(rows, window, { ...machine, pue });
        const ran = rows.filter(({ invocations }) => invocations > 0);
        const sum = (pick: (index: number) => number): number =>
          ran.reduce((total, { invocations }, index) => total + invocations * pick(index), 0);
        const joules = sum((index) => ran[index]?.totalJoules ?? 0);
        const operational = operationalGrams(joules, 386, pue);
        expect(Math.abs(sum((i) => carbon[i]?.operationalGrams ?? 0) - operational)).toBeLessThanOrEqual(
          1e-9 * operational + Number.EPSILON,
        );
        if (ran.length === 0) return;
        expect(sum((i) => carbon[i]?.embodiedGrams ?? 0)).toBeCloseTo(
          embodiedGrams(machine.server, window),
          9,
        );
        for (const row of carbon)
          expect(row.sciGrams).toBeGreaterThanOrEqual(row.operationalGrams * (1 - 1e-12));
      }),
    );
  });

  it('counts in the SCI what an invocation reserves: a processor while it runs', () => {
    const [busy, rare] = functionCarbon(functions, window, machine);
    const reserved = embodiedGrams(machine.server, 2, 1 / 96);
    expect(busy?.sciGrams).toBeCloseTo(operationalGrams(40, 386, 1.2) + reserved, 12);
    // A function that hardly ran reserved hardly anything, though its footprint carries half of the machine.
    expect(rare?.sciGrams).toBeLessThan(rare?.carbonGrams ?? 0);
    const [two] = functionCarbon(
      [{ ...functions[0], name: 'busy', vcpus: 2 } as (typeof functions)[0]],
      window,
      machine,
    );
    expect(two?.sciGrams).toBeCloseTo(operationalGrams(40, 386, 1.2) + 2 * reserved, 12);
  });

  it('has no embodied part where nothing is known of the server', () => {
    const [busy] = functionCarbon(functions, window, { gramsPerKilowattHour: 386 });
    expect(busy).not.toHaveProperty('embodiedGrams');
    expect(busy?.carbonGrams).toBe(busy?.operationalGrams);
    expect(busy?.sciGrams).toBe(busy?.operationalGrams);
  });

  it('takes the footprint for the SCI where the processors are not known', () => {
    const { cores: _, ...unknown } = machine;
    for (const { sciGrams, carbonGrams } of functionCarbon(functions, window, unknown))
      expect(sciGrams).toBeCloseTo(carbonGrams, 12);
  });

  it('takes a function by the intensity that its own joules met', () => {
    const [night] = functionCarbon(
      [
        {
          name: 'night',
          invocations: 1,
          meanLatencySeconds: 1,
          totalJoules: 3.6e6,
          gramsPerKilowattHour: 50,
        },
      ],
      window,
      { gramsPerKilowattHour: 386 },
    );
    expect(night?.operationalGrams).toBeCloseTo(50, 9);
  });
});
