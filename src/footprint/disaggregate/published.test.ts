import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nnls, normalEquations, type SparseRows, seededRandom } from '../../maths/index.js';
import { randomMatrix, sparse } from '../../maths/testing/design.js';
import type { Sighting } from './observation.js';
import { explainAsPublished } from './published.js';

/** Each sample sees one step. */
const identity = (count: number): SparseRows =>
  sparse(Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, j) => Number(i === j))));

const sightingOf = (watts: Float64Array, sampling = identity(watts.length)): Sighting => ({
  response: { delaySeconds: 0, smoothingSeconds: 0 },
  watts,
  sampling,
});

describe('explainAsPublished', () => {
  it('is non-negative least squares on running time, idle power taken off', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 40), (seed, width, idle) => {
        const random = seededRandom(seed);
        const loads = sparse(randomMatrix(random, 40, width, 1));
        const watts = Float64Array.from({ length: 40 }, () => idle + 60 * random.uniform());
        const { chosen } = explainAsPublished(sightingOf(watts), loads, idle);
        const equations = normalEquations(
          loads,
          watts.map((value) => value - idle),
        );
        const { x } = nnls(equations);
        for (const [f, value] of x.entries()) expect(chosen.fit.weights[f]).toBeCloseTo(value, 9);
        expect(chosen.fit.law).toEqual({ idleWatts: idle, floorWatts: 0, bend: 0 });
        expect(chosen.fit.count).toBe(40);
      }),
    );
  });

  it('gives back watts that add up, and predicts what it was given', () => {
    const loads = sparse(randomMatrix(seededRandom(2), 50, 3, 0.6));
    const weights = [10, 25, 3];
    const watts = Float64Array.from({ length: 50 }, (_, i) => {
      let sum = 40;
      for (let p = loads.rowStart[i] ?? 0; p < (loads.rowStart[i + 1] ?? 0); p++)
        sum += (weights[loads.column[p] ?? 0] ?? 0) * (loads.value[p] ?? 0);
      return sum;
    });
    const { fit } = explainAsPublished(sightingOf(watts), loads, 40).chosen;
    for (const [f, value] of weights.entries()) expect(fit.weights[f]).toBeCloseTo(value, 8);
    for (const [i, value] of watts.entries()) expect(fit.predicted[i]).toBeCloseTo(value, 8);
    expect(fit.square).toBeCloseTo(0, 6);
  });

  it('leaves out samples that are none, and those that the sensor shows nothing of', () => {
    const random = seededRandom(3);
    const matrix = randomMatrix(random, 30, 2, 1);
    const exact = matrix.map(([a = 0, b = 0]) => 20 * a + 5 * b);
    const watts = Float64Array.from(exact, (value, i) => (i % 4 === 1 ? Number.NaN : value));
    watts[2] = 9e9;
    const blind = sparse(
      Array.from({ length: 30 }, (_, i) => Array.from({ length: 30 }, (_, j) => Number(i === j && i !== 2))),
    );
    const { fit } = explainAsPublished(sightingOf(watts, blind), sparse(matrix), 0).chosen;
    expect(fit.weights[0]).toBeCloseTo(20, 8);
    expect(fit.weights[1]).toBeCloseTo(5, 8);
    expect(fit.predicted[1]).toBeNaN();
    expect(fit.predicted[2]).toBeNaN();
  });

  it('gives errors that cover the truth', () => {
    const off = Array.from({ length: 40 }, (_, seed) => {
      const random = seededRandom(seed);
      const matrix = randomMatrix(random, 80, 3, 0.7);
      const watts = Float64Array.from(
        matrix,
        ([a = 0, b = 0, c = 0]) => 20 * a + 35 * b + 15 * c + 2 * random.normal(),
      );
      const { weights, errors } = explainAsPublished(sightingOf(watts), sparse(matrix), 0).chosen.fit;
      return [20, 35, 15].map((truth, f) => ((weights[f] ?? 0) - truth) / (errors[f] ?? 0));
    }).flat();
    const size = Math.sqrt(off.reduce((sum, value) => sum + value * value, 0) / off.length);
    expect(size).toBeGreaterThan(0.75);
    expect(size).toBeLessThan(1.25);
  });

  it('is not sure that a function takes nothing which it can not tell from another', () => {
    const random = seededRandom(5);
    const matrix = randomMatrix(random, 60, 2, 0.7).map(([a = 0, b = 0]) => [a, b, a]);
    const watts = Float64Array.from(matrix, ([a = 0, b = 0]) => 20 * a + 5 * b + random.normal());
    const { weights, errors } = explainAsPublished(sightingOf(watts), sparse(matrix), 0).chosen.fit;
    expect((weights[0] ?? 0) + (weights[2] ?? 0)).toBeCloseTo(20, 0);
    const loser = (weights[0] ?? 0) < (weights[2] ?? 0) ? 0 : 2;
    expect(errors[loser]).toBeGreaterThan(15);
    expect(errors.every(Number.isFinite)).toBe(true);
  });
});
