import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { BusyLoad } from './busy-load.js';
import { type BusyTime, procBusyTime } from './busy-time.js';
import { CurveLoad, parseCurve } from './curve-load.js';
import { DEFAULT_POWER_MODEL, wattsAt } from './power-model.js';

/** Processors whose busy seconds a test sets. */
function scripted(...initial: number[]): BusyTime & { busy: number[] } {
  const time = { busy: initial, read: () => new Map(time.busy.entries()), close: () => {} };
  return time;
}

describe('power model', () => {
  it('rises with utilisation from idle over a floor to the maximum, ever more slowly', () => {
    const watts = Array.from({ length: 21 }, (_, i) => wattsAt(DEFAULT_POWER_MODEL, i / 20));
    expect(watts[0]).toBe(DEFAULT_POWER_MODEL.idleWatts);
    expect(watts[20]).toBeCloseTo(DEFAULT_POWER_MODEL.maxWatts, 10);
    const steps = watts.slice(1).map((value, i) => value - (watts[i] ?? 0));
    for (const [i, step] of steps.entries()) {
      expect(step).toBeGreaterThan(0);
      if (i > 0) expect(step).toBeLessThan(steps[i - 1] ?? 0);
    }
  });

  it('is refused where it would fall', () => {
    const model = { ...DEFAULT_POWER_MODEL, idleWatts: 70 };
    expect(() => new BusyLoad(scripted(0), 1, model)).toThrow(/70 W idle/);
  });
});

describe('BusyLoad', () => {
  const { idleWatts, maxWatts } = DEFAULT_POWER_MODEL;

  it('gives an idle package its idle power and a busy one its maximum', () => {
    const time = scripted(5, 5, 9, 9);
    const load = new BusyLoad(time, 2, DEFAULT_POWER_MODEL);
    load.start(0);
    time.busy = [7, 7, 9, 9];
    const [busy = 0, idle = 0] = load.advance(2);
    expect(busy).toBeCloseTo(2 * maxWatts, 9);
    expect(idle).toBeCloseTo(2 * idleWatts, 9);
  });

  it('spreads ticks that came early over the time after them', () => {
    const time = scripted(0);
    const load = new BusyLoad(time, 1, DEFAULT_POWER_MODEL);
    load.start(0);
    time.busy = [0.02];
    expect(load.advance(0.01)).toEqual([maxWatts * 0.01]);
    expect(load.advance(0.02)).toEqual([expect.closeTo(maxWatts * 0.01, 9)]);
    expect(load.advance(0.03)).toEqual([expect.closeTo(idleWatts * 0.01, 9)]);
  });

  it('takes no energy back when a counter or the clock goes backwards', () => {
    const time = scripted(50);
    const load = new BusyLoad(time, 1, DEFAULT_POWER_MODEL);
    load.start(10);
    time.busy = [1];
    expect(load.advance(11)).toEqual([idleWatts]);
    expect(load.advance(9)).toEqual([0]);
    expect(load.advance(12)).toEqual([idleWatts]);
  });

  it('reads the ticks of /proc/stat, without what a hypervisor took', () => {
    const procfs = mkdtempSync(join(tmpdir(), 'wattloop-stat-'));
    mkdirSync(procfs, { recursive: true });
    const stat =
      'cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 20 30 5000 7 4 6 1000 50 0\ncpu11 1 0 0 9 0 0 0 0 0 0\nintr 1\n';
    writeFileSync(join(procfs, 'stat'), stat);
    const time = procBusyTime(createHost({ procfs, log: silentLogger }));
    expect([...time.read()]).toEqual([
      [0, 1.6],
      [11, 0.01],
    ]);
    time.close();
    expect(() => procBusyTime(createHost({ procfs: '/nowhere', log: silentLogger }))).toThrow(
      /\/nowhere\/stat/,
    );
  });
});

describe('CurveLoad', () => {
  it('integrates straight lines between points, level before and after', () => {
    const load = new CurveLoad(parseCurve('t,watts\n1,10\n3,30\n3.5,0\n', 'curve.csv'), 2);
    load.start(100);
    expect(load.advance(101)).toEqual([10, 10]);
    expect(load.advance(103)).toEqual([40, 40]);
    expect(load.advance(103.25)).toEqual([5.625, 5.625]);
    expect(load.advance(120)).toEqual([1.875, 1.875]);
  });

  it('gives the same energy however often it is asked', () => {
    const points = fc
      .array(fc.record({ gap: fc.integer({ min: 1, max: 50 }), watts: fc.nat(300) }), {
        minLength: 1,
        maxLength: 20,
      })
      .map((rows) => {
        let t = 0;
        return rows.map(({ gap, watts }) => {
          t += gap / 10;
          return { t, watts };
        });
      });
    const steps = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(points, steps, (curve, gaps) => {
        const often = new CurveLoad(curve, 1);
        const once = new CurveLoad(curve, 1);
        often.start(0);
        once.start(0);
        let at = 0;
        let sum = 0;
        for (const gap of gaps) {
          at += gap / 20;
          sum += often.advance(at)[0] ?? Number.NaN;
        }
        expect(sum).toBeCloseTo(once.advance(at)[0] ?? Number.NaN, 6);
      }),
    );
  });

  it.each([
    ['', /line 1: the header/],
    ['t,watts\n', /line 2: there is no row/],
    ['t,watts\n0,1\n0,2\n', /line 3: time 0 does not come after/],
    ['t,watts\n0,x\n', /line 2: "0,x" is not two numbers/],
    ['t,watts\n0,\n', /not two numbers/],
    ['t,watts\n0,-3\n', /below 0/],
  ])('refuses %j, naming the line', (text, message) => {
    expect(() => parseCurve(text, 'curve.csv')).toThrow(message);
  });
});
