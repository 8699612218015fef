import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cholesky, choleskyOf } from './cholesky.js';
import { normalEquations } from './normal-equations.js';
import { seededRandom } from './random.js';
import { randomMatrix, sparse } from './testing/design.js';

function definite(seed: number, size: number): Float64Array {
  const matrix = randomMatrix(seededRandom(seed), 2 * size + 3, size, 1, true);
  return normalEquations(sparse(matrix), new Float64Array(2 * size + 3)).gram;
}

const times = (matrix: Float64Array, x: Float64Array): number[] =>
  Array.from(x, (_, i) => x.reduce((sum, value, j) => sum + value * (matrix[i * x.length + j] ?? 0), 0));

function without(matrix: Float64Array, size: number, out: number): Float64Array {
  return matrix.filter((_, place) => Math.floor(place / size) !== out && place % size !== out);
}

const sizes = fc.record({ seed: fc.integer(), size: fc.integer({ min: 1, max: 25 }) });

describe('Cholesky', () => {
  test('solves', () => {
    fc.assert(
      fc.property(sizes, ({ seed, size }) => {
        const matrix = definite(seed, size);
        const x = new Float64Array(size).map((_, i) => i - 3);
        const solved =
          choleskyOf(matrix, size)?.solve(Float64Array.from(times(matrix, x))) ?? new Float64Array();
        for (const [i, value] of x.entries()) expect(solved[i]).toBeCloseTo(value, 6);
      }),
    );
  });

  test('after a column is removed it is the factor of the rest', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ({ seed, size }, choice) => {
        const matrix = definite(seed, size);
        const out = choice % size;
        const shrunk = choleskyOf(matrix, size);
        shrunk?.remove(out);
        const fresh = choleskyOf(without(matrix, size, out), size - 1);
        expect(shrunk?.size).toBe(size - 1);
        const [a, b] = [shrunk?.inverse() ?? [], fresh?.inverse() ?? []];
        for (const [i, value] of b.entries()) expect(a[i]).toBeCloseTo(value, 6);
      }),
    );
  });

  test('the diagonal of the inverse is that of the inverse', () => {
    const factor = choleskyOf(definite(5, 12), 12);
    const inverse = factor?.inverse() ?? new Float64Array();
    for (const [i, value] of (factor?.inverseDiagonal() ?? []).entries())
      expect(value).toBeCloseTo(inverse[i * 12 + i] ?? 0, 10);
    const product = times(definite(5, 12), inverse.subarray(0, 12));
    expect(product[0]).toBeCloseTo(1, 9);
    expect(product[1]).toBeCloseTo(0, 9);
  });

  test('refuses a column that depends on the others, and stays as it was', () => {
    const factor = new Cholesky(2);
    expect(factor.append([4])).toBe(true);
    expect(factor.append([2, 1])).toBe(false);
    expect(factor.append([2, Number.NaN])).toBe(false);
    expect([...factor.solve(Float64Array.of(8))]).toEqual([2]);
    expect(choleskyOf(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
  });

  test('has room for what it was made for', () => {
    const factor = new Cholesky(1);
    factor.append([1]);
    expect(() => factor.append([0, 1])).toThrow(RangeError);
    expect(() => factor.remove(1)).toThrow(RangeError);
  });
});
