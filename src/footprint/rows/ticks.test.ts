import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyTicks } from './testing/rows.js';
import { checkTicks, edgeOf, lastTickOf, tickOf } from './ticks.js';

describe('ticks', () => {
  it('hold every time in one tick, edges included', () => {
    fc.assert(
      fc.property(
        anyTicks,
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.boolean(),
        (ticks, at, isEdge) => {
          const t = isEdge ? edgeOf(ticks, Math.round(at)) : ticks.start + at * ticks.tickSeconds;
          const index = tickOf(ticks, t);
          expect(edgeOf(ticks, index) <= t && t < edgeOf(ticks, index + 1)).toBe(true);
          const last = lastTickOf(ticks, t);
          expect(edgeOf(ticks, last) < t && t <= edgeOf(ticks, last + 1)).toBe(true);
          if (isEdge) expect([index, last]).toEqual([Math.round(at) + 0, Math.round(at) - 1]);
        },
      ),
    );
  });

  it('hold the last moment before an edge in the tick before it', () => {
    const before = (x: number): number => x * (1 - Number.EPSILON / 2);
    for (let index = 1; index < 10_000; index++) {
      for (const tickSeconds of [0.1, 0.7, 1e-3, 3]) {
        const ticks = { start: 0, tickSeconds };
        expect(tickOf(ticks, before(edgeOf(ticks, index)))).toBe(index - 1);
      }
    }
  });

  it.each([
    [0, 0, 1],
    [0, -1, 1],
    [0, Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1, 1],
    [0, 1, 1.5],
    [0, 1, -1],
    [1e17, 1, 1],
  ])('refuse to begin at %d with %d s, %d times', (start, tickSeconds, count) => {
    expect(() => checkTicks({ start, tickSeconds, count })).toThrow(/no times that work can be counted in/);
  });

  it('end where numbers do', () => {
    expect(tickOf({ start: 0, tickSeconds: 1e-3 }, 1e300)).toBeGreaterThan(1e300);
  });
});
