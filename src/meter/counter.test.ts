import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnergyCounter } from './counter.js';

const MICROJOULES = 1e-6;
const RANGE = 262_143_328_850n;

describe('EnergyCounter', () => {
  it('adds what was counted, also across the end of its range', () => {
    const counter = new EnergyCounter(MICROJOULES, RANGE);
    expect(counter.advance(RANGE - 1_000_000n, 0)).toBe('first');
    expect(counter.advance(RANGE, 0.1)).toBe('forward');
    expect(counter.advance(2_000_000n, 0.2)).toBe('wrapped');
    expect(counter.joules).toBeCloseTo(3, 9);
  });

  it('sets a jump aside that no consumption explains, and forgets it when the counter goes on as before', () => {
    const counter = new EnergyCounter(MICROJOULES, RANGE);
    counter.advance(1_000_000n, 0);
    expect(counter.advance(200_000_000_000n, 1)).toBe('doubtful');
    expect(counter.joules).toBe(0);
    expect(counter.advance(3_000_000n, 2)).toBe('forward');
    expect(counter.joules).toBeCloseTo(2, 9);
  });

  it.each([
    ['forwards', 1_000_000n, 200_000_000_000n],
    ['backwards', 100_000_000_000n, 5n],
  ])(
    'takes a jump %s for a new beginning when the next value confirms it, and adds only what came after',
    (_, before, after) => {
      const counter = new EnergyCounter(MICROJOULES, RANGE);
      counter.advance(before, 0);
      expect(counter.advance(after, 1)).toBe('doubtful');
      expect(counter.advance(after + 7_000_000n, 2)).toBe('reset');
      expect(counter.joules).toBeCloseTo(7, 9);
      expect(counter.advance(after + 8_000_000n, 3)).toBe('forward');
      expect(counter.joules).toBeCloseTo(8, 9);
    },
  );

  it('does not take one half-written value, read as 0, for a new beginning', () => {
    const counter = new EnergyCounter(MICROJOULES);
    counter.advance(900_000_000_000n, 0);
    expect(counter.advance(0n, 0.1)).toBe('doubtful');
    expect(counter.advance(900_001_000_000n, 0.2)).toBe('forward');
    expect(counter.joules).toBeCloseTo(1, 9);
  });

  it('lets a long pause be followed by what was drawn meanwhile', () => {
    const counter = new EnergyCounter(MICROJOULES, RANGE);
    counter.advance(0n, 0);
    expect(counter.advance(200_000_000_000n, 600)).toBe('forward');
    expect(counter.joules).toBeCloseTo(200_000, 6);
  });

  it('follows a coarse counter that stands still and then takes a large step', () => {
    const counter = new EnergyCounter(36_000);
    counter.advance(10n, 0);
    for (let second = 1; second < 100; second++) expect(counter.advance(10n, second)).toBe('forward');
    expect(counter.advance(11n, 100)).toBe('forward');
    expect(counter.joules).toBe(36_000);
  });

  it('refuses what its range does not hold', () => {
    const counter = new EnergyCounter(MICROJOULES, 1000n);
    expect(counter.advance(-1n, 0)).toBe('garbage');
    expect(counter.advance(1001n, 0)).toBe('garbage');
    expect(counter.advance(5n, 0)).toBe('first');
  });

  it('never falls, and never gives more than any machine can draw, whatever it reads', () => {
    const value = fc.oneof(
      fc.bigInt({ min: -10n, max: RANGE + 10n }),
      fc.constantFrom(0n, 1n, RANGE, RANGE + 1n),
    );
    const step = fc.record({ dt: fc.double({ min: 0, max: 100, noNaN: true }), value });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, wraps) => {
        const counter = new EnergyCounter(MICROJOULES, wraps ? RANGE : undefined);
        let at = 0;
        let before = 0;
        for (const [index, { dt, value }] of steps.entries()) {
          at += dt;
          counter.advance(value, at);
          expect(counter.joules).toBeGreaterThanOrEqual(before);
          before = counter.joules;
          expect(before).toBeLessThanOrEqual((index + 1) * 10_000 + 5_000 * at * 2 + 1e-6);
        }
      }),
    );
  });

  it('adds exactly what a real counter counted, however its wraps fall', () => {
    const consumption = fc.array(fc.bigInt({ min: 0n, max: 5_000_000_000n }), { maxLength: 100 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: RANGE - 1n }), consumption, (start, steps) => {
        const counter = new EnergyCounter(MICROJOULES, RANGE);
        counter.advance(start, 0);
        let total = 0n;
        for (const [second, units] of steps.entries()) {
          total += units;
          counter.advance((start + total) % RANGE, second + 1);
        }
        expect(counter.joules).toBeCloseTo(Number(total) * MICROJOULES, 6);
      }),
    );
  });
});
