import { expect, test } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { MachineCurve } from './machine-curve.js';

const windowOf = (load: readonly number[], watts: (load: number) => number) => ({
  load: Float64Array.from(load),
  presence: Float64Array.from(load, (value) => (value > 0 ? 1 : 0)),
  watts: Float64Array.from(load, watts),
  tickSeconds: 1,
});

test('finds a floor and a course that flattens', () => {
  const [curve, random] = [new MachineCurve(), seededRandom(1)];
  const truth = (load: number): number => 30 - 60 * Math.expm1(-load / 6);
  for (let k = 0; k < 10; k++) {
    const load = Array.from({ length: 60 }, () => 12 * random.uniform());
    curve.follow(windowOf(load, (value) => truth(value) + 0.5 * random.normal()));
  }
  expect(Math.abs(curve.floorWatts - 30)).toBeLessThan(1);
  for (const load of [1, 4, 8, 12])
    expect(Math.abs(curve.watts(load) - (truth(load) - 30))).toBeLessThan(1.5);
});

test('takes a course for straight that is', () => {
  const [curve, random] = [new MachineCurve(), seededRandom(1)];
  const load = Array.from({ length: 60 }, () => 12 * random.uniform());
  curve.follow(windowOf(load, (value) => 10 + 3 * value + 0.2 * random.normal()));
  expect(curve.watts(40) / curve.watts(10)).toBeCloseTo(4, 6);
});

test('halves between floor and work what a steady load can not tell apart', () => {
  const curve = new MachineCurve();
  curve.follow(windowOf(new Array<number>(60).fill(4), () => 50));
  expect(curve.floorWatts).toBeCloseTo(25, 2);
  expect(curve.watts(4)).toBeCloseTo(25, 2);
});

test('learns nothing from ticks without power or without anyone', () => {
  const curve = new MachineCurve();
  curve.follow(windowOf([0, 0, 0], () => 99));
  curve.follow(windowOf([1, 2, 3], () => Number.NaN));
  expect(curve.floorWatts).toBe(0);
  expect(curve.watts(3)).toBe(0);
});
