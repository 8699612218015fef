import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dominates, dominators, kneeOf } from './pareto.js';

describe('dominators', () => {
  it('finds who is better in all', () => {
    expect(
      dominators([
        [1, 5],
        [2, 2],
        [5, 1],
        [3, 3],
        [2, 2],
      ]),
    ).toEqual([[], [], [], [1, 4], []]);
  });

  it('leaves a front in which nobody dominates anybody, and everybody else is dominated by one of it', () => {
    const points = fc.integer({ min: 1, max: 4 }).chain((dimensions) =>
      fc.array(fc.array(fc.nat({ max: 8 }), { minLength: dimensions, maxLength: dimensions }), {
        minLength: 1,
        maxLength: 20,
      }),
    );
    fc.assert(
      fc.property(points, (all) => {
        const front = all.filter((_, index) => dominators(all)[index]?.length === 0);
        expect(front.length).toBeGreaterThan(0);
        for (const point of all)
          expect(front.some((other) => dominates(other, point))).toBe(!front.includes(point));
      }),
    );
  });
});

describe('kneeOf', () => {
  it('takes the point that is nearly best in all', () => {
    expect(
      kneeOf([
        [1, 100],
        [2, 20],
        [10, 10],
      ]),
    ).toBe(1);
  });

  it('knows none between two', () => {
    expect(
      kneeOf([
        [1, 2],
        [2, 1],
      ]),
    ).toBeUndefined();
  });
});
