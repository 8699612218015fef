import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveShape, linearShape, loadFraction } from './load-curve.js';
import { activeJoules, joulesOver, type PowerModel, wattsAt } from './power-model.js';

const load = fc.double({ min: 0, max: 1, noNaN: true });
const model = fc.record({
  idleWatts: fc.double({ min: 0, max: 50, noNaN: true }),
  fullWatts: fc.double({ min: 51, max: 1_000, noNaN: true }),
  logicalCpus: fc.integer({ min: 1, max: 512 }),
  shape: fc.constantFrom(curveShape, linearShape),
});

const SERVER: PowerModel = { idleWatts: 12, fullWatts: 102, logicalCpus: 10, shape: curveShape };

describe('the load curve', () => {
  it('goes through the points that it is known by', () => {
    expect([0, 0.1, 0.5, 1].map((x) => Number(loadFraction(x).toFixed(12)))).toEqual([
      0.12, 0.32, 0.75, 1.02,
    ]);
    expect(loadFraction(0.3)).toBeCloseTo(0.535);
  });

  it('is monotone, concave and within its bounds', () => {
    fc.assert(
      fc.property(load, load, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(loadFraction(low)).toBeLessThanOrEqual(loadFraction(high));
        expect(loadFraction((a + b) / 2)).toBeGreaterThanOrEqual(
          (loadFraction(a) + loadFraction(b)) / 2 - 1e-12,
        );
        expect(loadFraction(a)).toBeGreaterThanOrEqual(0.12);
        expect(loadFraction(a)).toBeLessThanOrEqual(1.02);
      }),
    );
  });

  it('stays within its ends for loads beyond them', () => {
    expect([-1, 7].map(loadFraction)).toEqual([0.12, 1.02]);
    expect([-1, 7].map(linearShape)).toEqual([0, 1]);
  });
});

describe('the power model', () => {
  it('draws its idle power at rest and its full power at full load', () => {
    expect(wattsAt(SERVER, 0)).toBe(12);
    expect(wattsAt(SERVER, 1)).toBeCloseTo(102);
    expect(wattsAt(SERVER, 0.5)).toBeCloseTo(75);
    expect(joulesOver(SERVER, 50, 10)).toBeCloseTo(750);
    expect(joulesOver(SERVER, 1, 0)).toBe(0);
  });

  it('gives the work of all, with idle, exactly what the machine drew', () => {
    fc.assert(
      fc.property(
        model,
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 }),
        (m, works) => {
          const busy = works.reduce((sum, work) => sum + work, 0);
          const seconds = Math.max(1, (busy / m.logicalCpus) * 1.5);
          const machine = joulesOver(m, busy, seconds);
          const active = works.map((work) => activeJoules(m, work, busy / (seconds * m.logicalCpus)));
          const sum = active.reduce((total, joules) => total + joules, m.idleWatts * seconds);
          expect(Math.abs(sum - machine)).toBeLessThanOrEqual(1e-9 * (1 + machine));
        },
      ),
    );
  });

  it('gives work of a millisecond its energy, the least of it where the load is not known', () => {
    // (102 - 12) W over 10 processors at full load; (32 - 12) W for the one that is busy on an idle machine.
    expect(activeJoules(SERVER, 0.001)).toBeCloseTo(0.009);
    expect(activeJoules(SERVER, 0.001, 0.1)).toBeCloseTo(0.02);
    expect(activeJoules(SERVER, 0.001, 0)).toBeCloseTo(0.02);
    expect(activeJoules(SERVER, -1)).toBe(0);
  });
});
