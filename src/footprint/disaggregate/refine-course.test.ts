import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { fitPower } from './fit-power.js';
import type { FitOptions, PowerData } from './power-data.js';
import { type ConcaveCourse, loadWatts, slopeAt } from './power-law.js';
import { refineCourse } from './refine-course.js';
import { sampledWatts, stepLoads } from './shown-power.js';
import { lawfulMachine } from './testing/lawful-machine.js';

const OPTIONS: FitOptions = { floor: true, bend: true, idleWatts: 50 };
const along = (course: ConcaveCourse) => ({ idleWatts: 0, floorWatts: 0, bend: 0, course });

/** A machine whose power over load is none of the laws: steep up to a load, then flatter at once. */
function kinked(seed: number, noiseWatts: number): PowerData {
  const random = seededRandom(seed);
  const weights = [10, 20, 30];
  const { data } = lawfulMachine({
    seed,
    seconds: 900,
    weights,
    law: { idleWatts: 0, floorWatts: 0, bend: 0 },
    rate: 1.2,
  });
  const load = stepLoads(data.loads, Float64Array.from(weights));
  const drawn = load.map(
    (value, j) => 50 + 20 * (data.presence[j] ?? 0) + Math.min(value, 40) + 0.15 * Math.max(0, value - 40),
  );
  const watts = sampledWatts(data.sampling, drawn).map((value) => value + noiseWatts * random.normal());
  return { ...data, watts };
}

describe('refineCourse', () => {
  it('explains a course that the law can not follow better than the law does', () => {
    const data = kinked(1, 1);
    const fit = fitPower(data, OPTIONS);
    const course = refineCourse(data, fit);
    const again = fitPower(data, {
      ...OPTIONS,
      ...(course && { course }),
      start: { law: { ...fit.law, ...(course && { course }) }, weights: fit.weights },
    });
    expect(course).toBeDefined();
    expect(again.square).toBeLessThan(0.8 * fit.square);
  });

  it("stays near the law's own course where that is the right one", () => {
    const law = { idleWatts: 50, floorWatts: 20, bend: 0.01 };
    const { data } = lawfulMachine({
      seed: 2,
      seconds: 900,
      weights: [10, 20, 30],
      law,
      noise: (random) => random.normal(),
    });
    const fit = fitPower(data, OPTIONS);
    const course = refineCourse(data, fit) ?? { knots: Float64Array.of(), slopes: Float64Array.of() };
    // Loads in which the machine is most of the time.
    for (const load of [20, 40, 60, 80])
      expect(Math.abs(loadWatts(along(course), load) / loadWatts(fit.law, load) - 1)).toBeLessThan(0.08);
  });

  it('is as steep as the law that it replaces, on average over the loads that there were', () => {
    const data = kinked(3, 2);
    const fit = fitPower(data, OPTIONS);
    const course = refineCourse(data, fit);
    if (course === undefined) throw new Error('there is no course');
    const load = stepLoads(data.loads, fit.weights);
    // The course is on a scale of its own: slopes are held against one another at the same places of it.
    const most = load.reduce((high, value) => Math.max(high, value), 0);
    const scale = (course.knots.at(-1) ?? 0) / (2 * most);
    const steep = (slope: (value: number) => number): number =>
      load.reduce((sum, value) => sum + slope(value) * value, 0);
    expect(steep((value) => slopeAt(along(course), value * scale))).toBeCloseTo(
      steep((value) => slopeAt(fit.law, value)),
      3,
    );
  });

  it('has no course where nothing ever ran', () => {
    const { data } = lawfulMachine({
      seed: 4,
      seconds: 100,
      weights: [10],
      law: { idleWatts: 50, floorWatts: 0, bend: 0 },
    });
    const fit = fitPower(data, OPTIONS);
    expect(refineCourse(data, { ...fit, weights: new Float64Array(1) })).toBeUndefined();
  });

  it('never falls and never gets steeper, whatever the power was', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom('law', 'noise', 'falling', 'convex', 'flat', 'holed'),
        fc.constantFrom(0, 1, 20),
        (seed, kind, noiseWatts) => {
          const random = seededRandom(seed);
          const { data } = lawfulMachine({
            seed,
            seconds: 90,
            weights: [10, 25],
            law: { idleWatts: 50, floorWatts: 10, bend: 0.01 },
          });
          const watts = data.watts.map((value) => {
            const noisy = value + noiseWatts * random.normal();
            if (kind === 'noise') return 200 * random.uniform();
            if (kind === 'falling') return 200 - noisy;
            if (kind === 'convex') return 50 + (value - 50) ** 2 / 20;
            if (kind === 'flat') return 60;
            return kind === 'holed' && random.uniform() < 0.8 ? Number.NaN : noisy;
          });
          const seen = { ...data, watts };
          const fit = fitPower(seen, OPTIONS);
          const course = refineCourse(seen, fit);
          if (course === undefined) return;
          const { knots, slopes } = course;
          expect(knots.length).toBe(slopes.length);
          for (const [k, knot] of knots.entries()) {
            expect(knot).toBeGreaterThan(knots[k - 1] ?? 0);
            expect(slopes[k]).toBeGreaterThanOrEqual(0);
            expect(slopes[k]).toBeLessThan(Number.POSITIVE_INFINITY);
          }
          const end = knots.at(-1) ?? 1;
          const at = Array.from({ length: 60 }, (_, i) => loadWatts(along(course), (end * i) / 50));
          for (let i = 1; i < at.length; i++) {
            const rise = (at[i] ?? 0) - (at[i - 1] ?? 0);
            expect(rise).toBeGreaterThanOrEqual(-1e-9 * (at.at(-1) ?? 0));
            if (i > 1)
              expect(rise - ((at[i - 1] ?? 0) - (at[i - 2] ?? 0))).toBeLessThanOrEqual(
                1e-9 * (1 + (at.at(-1) ?? 0)),
              );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is hardly moved by samples that are far off', () => {
    const data = kinked(5, 1);
    const fit = fitPower(data, OPTIONS);
    const spiked = { ...data, watts: data.watts.map((value, i) => (i % 60 === 30 ? value + 500 : value)) };
    const [clean, moved] = [refineCourse(data, fit), refineCourse(spiked, fitPower(spiked, OPTIONS))];
    if (clean === undefined || moved === undefined) throw new Error('there is no course');
    for (const load of [20, 60, 120]) {
      const [with_, without] = [loadWatts(along(moved), load), loadWatts(along(clean), load)];
      expect(Math.abs(with_ / without - 1)).toBeLessThan(0.25);
    }
  });
});
