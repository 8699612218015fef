import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FloatEnergyCounter } from './float-counter.js';

describe('FloatEnergyCounter', () => {
  it('counts from its first value on', () => {
    const counter = new FloatEnergyCounter();
    expect(counter.advance(1_000.5, 0)).toBe('first');
    expect(counter.advance(1_100.75, 1)).toBe('forward');
    expect(counter.joules).toBe(100.25);
  });

  it('counts nothing for the step over a restart, and goes on from there', () => {
    const counter = new FloatEnergyCounter();
    counter.advance(500, 0);
    counter.advance(600, 1);
    expect(counter.advance(20, 2)).toBe('reset');
    counter.advance(50, 3);
    expect(counter.joules).toBe(130);
  });

  it('does not believe petajoules, nor the way back from them', () => {
    const counter = new FloatEnergyCounter();
    counter.advance(100, 0);
    expect(counter.advance(1.8e16, 1)).toBe('reset');
    expect(counter.advance(200, 2)).toBe('reset');
    counter.advance(230, 3);
    expect(counter.joules).toBe(30);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('changes nothing for %d', (value) => {
    const counter = new FloatEnergyCounter();
    counter.advance(10, 0);
    expect(counter.advance(value, 1)).toBe('garbage');
    counter.advance(15, 2);
    expect(counter.joules).toBe(5);
  });

  it('takes no value older than the last', () => {
    const counter = new FloatEnergyCounter();
    counter.advance(10, 5);
    expect(counter.advance(8, 4)).toBe('garbage');
    counter.advance(12, 6);
    expect(counter.joules).toBe(2);
  });

  it('never goes backwards and is never more than what was seen to be added', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        const counter = new FloatEnergyCounter();
        let before = 0;
        for (const [at, value] of values.entries()) {
          counter.advance(value, at);
          expect(counter.joules).toBeGreaterThanOrEqual(before);
          expect(counter.joules - before).toBeLessThanOrEqual(20_000 * 11);
          before = counter.joules;
        }
      }),
    );
  });
});
