import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { type LagStep, lagAt, lagCourse } from './lag-course.js';
import type { LagPoint } from './lag-windows.js';

const WINDOW = 300;
const middle = ({ from, to }: LagStep): number => (from + to) / 2;

/** Windows whose lags are off by some chance; every so many is wrong altogether. */
function points(seed: number, count: number, lag: (at: number) => number, wrongEvery = Infinity): LagPoint[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const at = (i + 0.5) * WINDOW;
    const wrong = i % wrongEvery === wrongEvery - 1;
    return {
      at,
      lagSeconds: wrong ? -20 + 40 * random.uniform() : lag(at) + 0.08 * random.normal(),
      errorSeconds: 0.08,
    };
  });
}
const seeds = fc.integer({ min: 1, max: 1e6 });

describe('lagCourse', () => {
  it('says nothing of a lag that stays, whatever chance does', () => {
    const seen = Array.from({ length: 300 }, (_, seed) =>
      lagCourse(
        points(seed + 1, 8 + (seed % 50), () => 3, seed % 2 === 0 ? 7 : Infinity),
        1,
        middle,
      ),
    );
    expect(seen.filter((course) => course !== undefined).length).toBeLessThanOrEqual(1);
  });

  it('follows a clock that runs fast or slow, past windows that are wrong', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.constantFrom(-1e-3, -3e-4, 3e-4, 1e-3),
        fc.integer({ min: 16, max: 60 }),
        (seed, slope, count) => {
          const course = lagCourse(
            points(seed, count, (at) => 2 + slope * at, 6),
            1,
            middle,
          );
          expect(course).toHaveLength(1);
          if (course === undefined) return;
          for (const at of [0, (count / 2) * WINDOW, count * WINDOW])
            expect(Math.abs(lagAt(course, at) - 2 - slope * at)).toBeLessThan(0.3);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('finds steps, and that there is no drift between them', () => {
    const lag = (at: number): number => (at < 3000 ? 1 : at < 9000 ? -4 : 2.5);
    fc.assert(
      fc.property(seeds, (seed) => {
        const course = lagCourse(points(seed, 45, lag, 11), 1, middle);
        const [, first, second, ...more] = course ?? [];
        expect(Math.abs((first?.from ?? 0) - 3000)).toBeLessThanOrEqual(WINDOW);
        expect(Math.abs((second?.from ?? 0) - 9000)).toBeLessThanOrEqual(WINDOW);
        expect(more).toEqual([]);
        if (course === undefined) return;
        expect(course.every(({ slope }) => slope === 0)).toBe(true);
        for (const at of [0, 5000, 12_000]) expect(Math.abs(lagAt(course, at) - lag(at))).toBeLessThan(0.2);
      }),
      { numRuns: 30 },
    );
  });

  it('finds a step in a drift', () => {
    const lag = (at: number): number => 5e-4 * at + (at < 6000 ? 0 : -3);
    const course = lagCourse(points(3, 40, lag), 1, middle);
    expect(course).toHaveLength(2);
    if (course === undefined) return;
    for (const at of [0, 5900, 6100, 12_000]) expect(Math.abs(lagAt(course, at) - lag(at))).toBeLessThan(0.3);
  });

  it('needs windows enough, and more than a quarter of a sample', () => {
    expect(
      lagCourse(
        points(1, 7, (at) => at / 100),
        1,
        middle,
      ),
    ).toBeUndefined();
    expect(
      lagCourse(
        points(1, 30, (at) => at / 1000),
        60,
        middle,
      ),
    ).toBeUndefined();
  });
});
