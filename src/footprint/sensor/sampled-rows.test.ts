import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiply, type SparseRows, seededRandom } from '../../maths/index.js';
import { randomMatrix, sparse } from '../../maths/testing/design.js';
import { sampledRows } from './sampled-rows.js';

describe('sampledRows', () => {
  it('gives the means of the steps that each sample shows', () => {
    const sampling = sparse([
      [0.5, 0.5, 0],
      [0, 0.25, 0.75],
      [0, 0, 0],
    ]);
    const loads = sparse([
      [2, 0],
      [0, 4],
      [0, 8],
    ]);
    expect(sampledRows(sampling, loads)).toEqual(
      sparse([
        [1, 2],
        [0, 7],
        [0, 0],
      ]),
    );
  });

  it('is the product of both matrices', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0.2, 0.6, 1), (seed, density) => {
        const random = seededRandom(seed);
        const sampling = sparse(randomMatrix(random, 6, 9, density));
        const loads = sparse(randomMatrix(random, 9, 5, density));
        const x = Float64Array.from({ length: 5 }, () => random.normal());
        const [once, twice] = [
          multiply(sampledRows(sampling, loads), x),
          multiply(sampling, multiply(loads, x)),
        ];
        for (const [i, value] of twice.entries()) expect(once[i]).toBeCloseTo(value, 10);
      }),
    );
  });

  it('is not led astray by entries of nothing, as work without length leaves them', () => {
    const loads: SparseRows = {
      count: 3,
      width: 2,
      rowStart: Uint32Array.of(0, 1, 2, 4),
      column: Uint32Array.of(1, 1, 0, 1),
      value: Float64Array.of(0, 0, 3, 6),
    };
    const seen = sampledRows(sparse([[1 / 3, 1 / 3, 1 / 3]]), loads);
    expect([...multiply(seen, [1, 0])]).toEqual([1]);
    expect([...multiply(seen, [0, 1])]).toEqual([2]);
    expect([...seen.column]).toEqual([0, 1]);
  });
});
