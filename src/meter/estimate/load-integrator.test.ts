import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CpuTimes, MachineStat } from '../proc/machine-stat.js';
import { curveShape } from './load-curve.js';
import { LoadIntegrator } from './load-integrator.js';
import { joulesOver, type PowerModel } from './power-model.js';

const TICK = 0.01;
const CPUS = 4;
const MODEL: PowerModel = { idleWatts: 12, fullWatts: 102, logicalCpus: CPUS, shape: curveShape };

/** What the kernel shows of so much work and rest: whole ticks, of all processors together. */
const ticks = (seconds: number): number => Math.floor(seconds / TICK + 1e-9) * TICK;
const times = (busy: number, idle: number): CpuTimes => ({
  user: ticks(busy),
  nice: 0,
  system: 0,
  idle: ticks(idle),
  iowait: 0,
  irq: 0,
  softirq: 0,
  steal: 0,
});
const stat = (total: CpuTimes | undefined): Pick<MachineStat, 'total' | 'cpus'> => ({
  total,
  cpus: new Map(),
});

/** A machine that does what its test says, and an integrator that looks at it. */
function machine(bootLoad = 0) {
  let at = 0;
  let busy = 100 * bootLoad;
  let idle = 100 * (1 - bootLoad);
  const integrator = new LoadIntegrator(MODEL, times(busy, idle), at);
  return {
    integrator,
    work(seconds: number, load: number): void {
      at += seconds;
      busy += load * seconds * CPUS;
      idle += (1 - load) * seconds * CPUS;
    },
    look: (): boolean => integrator.advance(stat(times(busy, idle)), at),
    see: (total: CpuTimes | undefined): boolean => integrator.advance(stat(total), at),
    busy: () => busy,
    idle: () => idle,
  };
}

describe('LoadIntegrator', () => {
  it('gives each second the energy of its load', () => {
    const { integrator, work, look } = machine();
    for (const load of [0, 0.5, 1, 0.1]) {
      work(1, load);
      look();
    }
    expect(integrator.joules).toBeCloseTo(12 + 75 + 102 + 32, 6);
  });

  it('sees the load within a second, and not only when the second is over', () => {
    const { integrator, work, look } = machine();
    work(0.3, 1);
    look();
    expect(integrator.joules).toBeCloseTo(30.6);
  });

  it('holds the last load over steps below two ticks, and then settles them', () => {
    const { integrator, work, look } = machine();
    work(1, 0.5);
    look();
    work(0.005, 1);
    look();
    expect(integrator.joules - 75).toBeCloseTo(75 * 0.005);
    work(0.995, 1);
    look();
    expect(integrator.joules).toBeCloseTo(75 + 102);
  });

  it('holds the mean load since boot before it knows better', () => {
    const { integrator, work, look } = machine(0.5);
    work(0.01, 0);
    look();
    expect(integrator.joules).toBeCloseTo(0.75);
  });

  it('costs the same however often it is read', () => {
    const run = (step: number): number => {
      const { integrator, work, look } = machine();
      for (let i = 0; i < 10 / step; i++) {
        // One processor works half of each 40 ms.
        work(step / 2, 0.25);
        work(step / 2, 0);
        look();
      }
      return integrator.joules;
    };
    const once = run(1);
    expect(once).toBeCloseTo(10 * 34.69, 0);
    for (const step of [0.001, 0.004, 0.02, 0.1, 0.5]) {
      expect(Math.abs(run(step) - once) / once).toBeLessThan(0.01);
    }
  });

  it('never goes backwards, is never below idle nor above full power, whatever is read when', () => {
    const step = fc.record({
      seconds: fc.double({ min: 1e-4, max: 3, noNaN: true }),
      load: fc.double({ min: 0, max: 1, noNaN: true }),
      looks: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        const { integrator, work, look } = machine();
        let [before, elapsed] = [0, 0];
        for (const { seconds, load, looks } of steps) {
          work(seconds, load);
          elapsed += seconds;
          if (!looks) continue;
          expect(look()).toBe(true);
          expect(integrator.joules).toBeGreaterThanOrEqual(before);
          expect(integrator.joules).toBeGreaterThanOrEqual(12 * elapsed * (1 - 1e-9));
          expect(integrator.joules).toBeLessThanOrEqual(102 * elapsed * (1 + 1e-9));
          before = integrator.joules;
        }
      }),
    );
  });

  it('conserves energy: whole seconds add up to what the model says of each', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }), (percents) => {
        const { integrator, work, look } = machine();
        let expected = 0;
        for (const percent of percents) {
          work(1, percent / 100);
          look();
          expected += joulesOver(MODEL, (percent / 100) * CPUS, 1);
        }
        // The ticks may round a hundredth of a second away, once.
        expect(Math.abs(integrator.joules - expected)).toBeLessThan(0.01 * 102 * percents.length);
      }),
    );
  });

  it('takes the ticks of work where the modes do not sum to the time, as in a container', () => {
    const { integrator, work, see } = machine();
    work(10, 0);
    expect(see(times(20, 100 + 5))).toBe(true);
    expect(integrator.joules).toBeCloseTo(750);
  });

  it('counts time alone over a jump backwards, and goes on from there', () => {
    const { integrator, work, see, look, busy, idle } = machine();
    work(2, 1);
    look();
    work(1, 1);
    expect(see(times(1, idle()))).toBe(false);
    expect(integrator.joules).toBeCloseTo(306);
    work(1, 0);
    expect(see(times(1, idle()))).toBe(true);
    expect(integrator.joules).toBeCloseTo(318);
    expect(busy()).toBe(12);
  });

  it('holds its load while the times are missing', () => {
    const { integrator, work, see } = machine();
    work(2, 1);
    expect(see(undefined)).toBe(false);
    expect(integrator.joules).toBeCloseTo(24);
  });
});
