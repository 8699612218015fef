import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitStage } from './fit-stage.js';
import { isWithinHull } from './hull.js';
import { stageModel } from './stage-predictor.js';
import { amdahl, gridOf, syntheticSamples } from './testing/synthetic-stage.js';

describe('extrapolation', () => {
  const model = stageModel(fitStage(syntheticSamples(amdahl, gridOf([0.5, 1, 2], [512], [2, 4, 8]))));
  const at = (cpu: number, memoryMib: number, workers: number) =>
    model.predict({ configuration: { cpu, memoryMib, workers } }).extrapolation;

  it('is none where all was seen, or lies between', () => {
    expect(at(1, 512, 4)).toBeUndefined();
    expect(at(1.5, 512, 6)).toBeUndefined();
  });

  it('names the dimension and the range seen', () => {
    expect(at(1, 512, 16)).toEqual({
      dimensions: [{ name: 'workers', value: 16, low: 2, high: 8 }],
      reason: 'workers 16: 2 to 8 were seen',
    });
    expect(at(4, 1024, 4)?.reason).toBe('cpu 4: 0.5 to 2 were seen; memory 1024 MiB: only 512 MiB was seen');
  });

  it('is told of combinations that nobody tried, though each value was', () => {
    const corner = gridOf([0.5, 1, 2], [512], [1, 2, 4, 8]).filter(({ cpu, workers }) => cpu * workers <= 4);
    const limited = stageModel(fitStage(syntheticSamples(amdahl, corner)));
    const { extrapolation } = limited.predict({ configuration: { cpu: 2, memoryMib: 512, workers: 8 } });
    expect(extrapolation).toEqual({
      dimensions: [],
      reason: 'cpu 2 with workers 8: each was seen, but no combinations around this one',
    });
    expect(
      limited.predict({ configuration: { cpu: 1, memoryMib: 512, workers: 2 } }).extrapolation,
    ).toBeUndefined();
  });

  it('makes the interval wider', () => {
    const width = (workers: number): number => {
      const { low, high } = model.predict({ configuration: { cpu: 1, memoryMib: 512, workers } }).wallSeconds
        .interval95;
      return high / low;
    };
    expect(width(64)).toBeGreaterThan(width(4));
  });
});

describe('isWithinHull', () => {
  const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
  const anyPoints = fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 4, maxLength: 30 });

  it('holds for means of the points', () => {
    fc.assert(
      fc.property(
        anyPoints,
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 }),
        (points, weights) => {
          const own = weights.slice(0, points.length);
          const total = own.reduce((sum, weight) => sum + weight, 0);
          const mean = [0, 1, 2].map((k) =>
            points.reduce((sum, point, i) => sum + ((own[i] ?? 0) / total) * (point[k] ?? 0), 0),
          );
          expect(isWithinHull(points, mean)).toBe(true);
        },
      ),
    );
  });

  it('does not hold beyond any plane that has all points on one side', () => {
    fc.assert(
      fc.property(anyPoints, fc.tuple(coordinate, coordinate, coordinate), (points, direction) => {
        const length = Math.hypot(...direction);
        fc.pre(length > 0.1);
        const height = (point: readonly number[]): number =>
          direction.reduce((sum, value, k) => sum + (value / length) * (point[k] ?? 0), 0);
        const highest = points.reduce((a, b) => (height(b) > height(a) ? b : a));
        const beyond = highest.map((value, k) => value + (0.05 * (direction[k] ?? 0)) / length);
        expect(isWithinHull(points, beyond)).toBe(false);
      }),
    );
  });
});
