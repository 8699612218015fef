import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bendSlope, type ConcaveCourse, loadWatts, type PowerLaw, slopeAt } from './power-law.js';

const bent = (bend: number): PowerLaw => ({ idleWatts: 50, floorWatts: 20, bend });
const along = (knots: readonly number[], slopes: readonly number[]): PowerLaw => ({
  ...bent(0),
  course: { knots: Float64Array.from(knots), slopes: Float64Array.from(slopes) },
});

const bends = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 0.2, noNaN: true }));
const loads = fc.double({ min: 1e-3, max: 500, noNaN: true });
/** Any course of straight pieces that never get steeper. */
const courses: fc.Arbitrary<ConcaveCourse> = fc
  .array(fc.tuple(fc.double({ min: 1, max: 50, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((pieces) => {
    let knot = 0;
    return {
      knots: Float64Array.from(pieces, ([width]) => {
        knot += width;
        return knot;
      }),
      slopes: Float64Array.from(pieces, ([, slope]) => slope),
    };
  });
const laws: fc.Arbitrary<PowerLaw> = fc.oneof(
  bends.map(bent),
  courses.map((course) => ({ ...bent(0), course })),
);

describe('loadWatts', () => {
  it('is the load itself where the law does not bend', () => {
    expect(loadWatts(bent(0), 123.4)).toBe(123.4);
    expect(loadWatts(bent(1e-12), 123.4)).toBeCloseTo(123.4, 9);
  });

  it('flattens towards a limit', () => {
    expect(loadWatts(bent(0.01), 1e6)).toBeCloseTo(100, 9);
    expect(loadWatts(bent(0.01), 100)).toBeCloseTo(100 * (1 - Math.exp(-1)), 9);
  });

  it('follows the straight pieces of a course, and is flat beyond the last', () => {
    const law = along([10, 30], [0.5, 0.5]);
    expect([0, 5, 10, 20, 30, 99].map((load) => loadWatts(law, load))).toEqual([0, 5, 10, 15, 20, 20]);
  });

  it('starts at nothing, never falls and never gets steeper, whatever the law', () => {
    fc.assert(
      fc.property(laws, loads, loads, loads, (law, a, b, c) => {
        const [low = 0, middle = 0, high = 0] = [a, b, c].sort((x, y) => x - y);
        expect(loadWatts(law, 0)).toBe(0);
        const [at, on, above] = [low, middle, high].map((load) => loadWatts(law, load));
        const slack = 1e-9 * (1 + high);
        expect((on ?? 0) - (at ?? 0)).toBeGreaterThanOrEqual(-slack);
        expect((above ?? 0) - (on ?? 0)).toBeGreaterThanOrEqual(-slack);
        if (high - low < 1e-6) return;
        const part = (middle - low) / (high - low);
        const chord = (at ?? 0) + part * ((above ?? 0) - (at ?? 0));
        expect((on ?? 0) - chord).toBeGreaterThanOrEqual(-slack);
      }),
    );
  });

  it('does not jump where the series takes over from the formula', () => {
    for (const x of [1e-9, 1e-4]) {
      const [below, above] = [0.999999, 1.000001].map((near) => (x * near) / 200);
      expect(loadWatts(bent(below ?? 0), 200)).toBeCloseTo(loadWatts(bent(above ?? 0), 200), 6);
      const [before, after] = [bendSlope(below ?? 0, 200), bendSlope(above ?? 0, 200)];
      expect(before / after).toBeCloseTo(1, 5);
    }
  });
});

describe('slopeAt', () => {
  it('is the derivative of the power by the load, whatever the law', () => {
    fc.assert(
      fc.property(laws, loads, (law, load) => {
        const width = 1e-5 * (1 + load);
        const atKnot = law.course?.knots.some((knot) => Math.abs(knot - load) < 2 * width) ?? false;
        fc.pre(!atKnot && load > width);
        const measured = (loadWatts(law, load + width) - loadWatts(law, load - width)) / (2 * width);
        expect(Math.abs(slopeAt(law, load) - measured)).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('bendSlope', () => {
  it('is the derivative of the power by the bend', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.2, noNaN: true }), loads, (bend, load) => {
        fc.pre(bend * load > 1e-6);
        const width = 1e-3 * bend;
        const measured =
          (loadWatts(bent(bend + width), load) - loadWatts(bent(bend - width), load)) / (2 * width);
        // Differences of the power lose digits where it hardly changes.
        const lost = (1e-14 * load) / width;
        expect(Math.abs(bendSlope(bend, load) - measured)).toBeLessThan(
          1e-4 * Math.abs(measured) + lost + 1e-9,
        );
      }),
    );
  });

  it('is half the square of the load where there is no bend yet', () => {
    expect(bendSlope(0, 30)).toBe(-450);
  });
});
