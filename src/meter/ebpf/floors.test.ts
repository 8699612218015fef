import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothing } from './amount.js';
import { Floors } from './floors.js';

describe('Floors', () => {
  it('never let a figure go backwards, and let it go on from the truth', () => {
    const reading = fc.record({ truth: fc.nat(1_000), ahead: fc.nat(100), isRunning: fc.boolean() });
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1 }), (readings) => {
        const floors = new Floors<number>();
        let [truth, told] = [0, 0];
        for (const step of readings) {
          truth += step.truth;
          const amount = { ...nothing(), ns: truth + (step.isRunning ? step.ahead : 0) };
          floors.lift(1, 'same', amount, step.isRunning);
          floors.turn();
          expect(amount.ns).toBeGreaterThanOrEqual(told);
          expect(amount.ns).toBeLessThanOrEqual(Math.max(told, truth + step.ahead));
          told = amount.ns;
        }
      }),
    );
  });

  it('tell apart those who have had the same id', () => {
    const floors = new Floors<number>();
    floors.lift(1, 'first', { ...nothing(), ns: 100 }, true);
    floors.turn();
    const second = { ...nothing(), ns: 5 };
    floors.lift(1, 'second', second, true);
    expect(second.ns).toBe(5);
  });
});
