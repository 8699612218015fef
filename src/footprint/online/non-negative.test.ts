import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { randomMatrix } from '../../maths/testing/design.js';
import { Covariance } from './covariance.js';
import { mostProbableNonNegative } from './non-negative.js';

function covarianceOf(matrix: readonly (readonly number[])[]): Covariance {
  return Covariance.from(
    matrix.flatMap((line, i) => line.slice(0, i + 1)),
    matrix.length,
  );
}

describe('mostProbableNonNegative', () => {
  test('what is lifted to zero takes from what shares its sum', () => {
    // The sum is known: lifting the first by 2 leaves the second 2 less.
    const covariance = covarianceOf([
      [1, -1],
      [-1, 1],
    ]);
    const figures = mostProbableNonNegative(Float64Array.of(-2, 10), covariance, Uint32Array.of(0, 1));
    expect(figures[0]).toBeCloseTo(0, 9);
    expect(figures[1]).toBeCloseTo(8, 9);
  });

  test('leaves alone what is not negative, and independent figures', () => {
    const covariance = covarianceOf([
      [1, 0],
      [0, 4],
    ]);
    expect([...mostProbableNonNegative(Float64Array.of(3, 5), covariance, Uint32Array.of(0, 1))]).toEqual([
      3, 5,
    ]);
    expect([...mostProbableNonNegative(Float64Array.of(-3, 5), covariance, Uint32Array.of(0, 1))]).toEqual([
      0, 5,
    ]);
  });

  test('no other figures nearby are more probable', () => {
    const random = seededRandom(4);
    for (let round = 0; round < 30; round++) {
      const size = 8;
      const root = randomMatrix(random, size, size, 1, true);
      const matrix = root.map((one) =>
        root.map((other) => one.reduce((sum, v, k) => sum + v * (other[k] ?? 0), one === other ? 0.5 : 0)),
      );
      const mean = Float64Array.from({ length: size }, () => 2 * random.normal());
      const members = Uint32Array.from({ length: size }, (_, i) => i);
      const found = mostProbableNonNegative(mean, covarianceOf(matrix), members);
      expect(found.every((value) => value >= 0)).toBe(true);
      // The covariance times the lifts is the move: how strongly each was lifted solves that.
      const lifts = solve(
        matrix,
        Array.from(found, (value, i) => value - (mean[i] ?? 0)),
      );
      for (const [i, lift] of lifts.entries()) {
        expect(lift).toBeGreaterThan(-1e-6);
        if ((found[i] ?? 0) > 1e-6) expect(Math.abs(lift)).toBeLessThan(1e-6);
      }
    }
  });
});

/** By elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((line, i) => [...line, right[i] ?? 0]);
  for (const [i, pivot] of rows.entries()) {
    for (const [k, row] of rows.entries()) {
      if (k === i) continue;
      const factor = (row[i] ?? 0) / (pivot[i] ?? 1);
      for (const [j, value] of pivot.entries()) row[j] = (row[j] ?? 0) - factor * value;
    }
  }
  return rows.map((row, i) => (row.at(-1) ?? 0) / (row[i] ?? 1));
}
