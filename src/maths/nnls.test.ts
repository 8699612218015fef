import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NnlsOptions, nnls } from './nnls.js';
import { type NormalEquations, normalEquations } from './normal-equations.js';
import { seededRandom } from './random.js';
import { residualSquare } from './standard-errors.js';
import { randomMatrix, slowNnls, sparse } from './testing/design.js';

interface Problem {
  readonly equations: NormalEquations;
  readonly twins: boolean;
}

/** Problems of every shape: more rows than columns and fewer, sparse, columns of zeros, columns that are sums of others. */
const problems = fc
  .record({
    seed: fc.integer({ min: 0, max: 2 ** 32 }),
    rows: fc.integer({ min: 0, max: 40 }),
    columns: fc.integer({ min: 1, max: 30 }),
    density: fc.constantFrom(0.1, 0.5, 1),
    signed: fc.boolean(),
    twins: fc.boolean(),
  })
  .map(({ seed, rows, columns, density, signed, twins }): Problem => {
    const random = seededRandom(seed);
    const matrix = randomMatrix(random, rows, columns, density, signed);
    if (twins) for (const row of matrix) row.push((row[0] ?? 0) + (row.at(-1) ?? 0), row[0] ?? 0);
    const truth = Array.from({ length: columns }, () => Math.max(0, random.normal()) * 50);
    const target = matrix.map((row) =>
      row.reduce((sum, entry, j) => sum + entry * (truth[j] ?? 0), 10 * random.normal()),
    );
    return { equations: normalEquations(sparse(matrix), target), twins };
  });

/** The largest gradient on the wrong side at x, relative to the largest at 0, columns scaled to length 1. */
function violation({ size, gram, right }: NormalEquations, x: Float64Array): number {
  let [worst, largest] = [0, 0];
  for (let i = 0; i < size; i++) {
    const length = Math.sqrt(gram[i * size + i] ?? 0);
    if (length === 0) continue;
    let slope = -(right[i] ?? 0);
    for (let j = 0; j < size; j++) slope += (gram[i * size + j] ?? 0) * (x[j] ?? 0);
    worst = Math.max(worst, (x[i] ?? 0) > 0 ? Math.abs(slope / length) : -slope / length);
    largest = Math.max(largest, Math.abs((right[i] ?? 0) / length));
  }
  return largest > 0 ? worst / largest : 0;
}

describe('nnls', () => {
  test('finds the exact answer where the data fit', () => {
    const rows = sparse([
      [1, 0, 0.5],
      [0.5, 0.5, 0],
      [0, 1, 1],
      [1, 1, 1],
    ]);
    const target = [60 + 10, 30 + 20, 40 + 20, 60 + 40 + 20];
    const { x, converged } = nnls(normalEquations(rows, target));
    expect(converged).toBe(true);
    expect([...x].map((value) => Number(value.toFixed(9)))).toEqual([60, 40, 20]);
  });

  test('holds at zero what would come out negative', () => {
    const { x, free } = nnls(
      normalEquations(
        sparse([
          [1, 0],
          [1, 1],
        ]),
        [10, 4],
      ),
    );
    expect(x[0]).toBeCloseTo(7, 12);
    expect(x[1]).toBe(0);
    expect([...free]).toEqual([1, 0]);
  });

  test('meets the conditions of the optimum, is never negative and never NaN', () => {
    fc.assert(
      fc.property(problems, ({ equations }) => {
        const solution = nnls(equations);
        expect(solution.converged).toBe(true);
        expect(solution.x.every((value) => value >= 0)).toBe(true);
        expect(violation(equations, solution.x)).toBeLessThan(1e-6);
        expect(solution.violation).toBeLessThan(1e-6);
      }),
      { numRuns: 500 },
    );
  });

  test('meets them to 1e-9 where the columns are independent', () => {
    fc.assert(
      fc.property(problems, ({ equations, twins }) => {
        fc.pre(!twins && equations.count > 2 * equations.size);
        expect(violation(equations, nnls(equations).x)).toBeLessThan(1e-9);
      }),
      { numRuns: 200 },
    );
  });

  test('fits no worse than a slow and simple search', () => {
    fc.assert(
      fc.property(problems, ({ equations }) => {
        const slow = residualSquare(equations, slowNnls(equations, 2000));
        expect(residualSquare(equations, nnls(equations).x)).toBeLessThanOrEqual(
          slow + 1e-9 * equations.square,
        );
      }),
      { numRuns: 100 },
    );
  });

  test('gives the same whatever it starts from', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 0, max: 1000 }), ({ equations }, seed) => {
        const random = seededRandom(seed);
        const ridge = 1e-3;
        const start = Float64Array.from({ length: equations.size }, () => random.below(2));
        const [cold, warm] = [nnls(equations, { ridge }).x, nnls(equations, { ridge, start }).x];
        for (const [j, value] of cold.entries()) expect(warm[j]).toBeCloseTo(value, 5);
      }),
      { numRuns: 200 },
    );
  });

  test('leaves nothing on the wrong side where columns are nearly alike', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 0, max: 1000 }), ({ equations }, seed) => {
        const random = seededRandom(seed);
        const start = Float64Array.from({ length: equations.size }, () => random.below(2));
        expect(nnls(equations, { ridge: 1e-3, start }).violation).toBeLessThan(1e-8);
      }),
      { numRuns: 2000 },
    );
  });

  test('a ridge makes equal columns share, and a prior tells where to', () => {
    const equations = normalEquations(
      sparse([
        [1, 1],
        [2, 2],
      ]),
      [10, 20],
    );
    const shared = nnls(equations, { ridge: 1e-6 });
    expect(shared.x[0]).toBeCloseTo(5, 4);
    expect(shared.x[1]).toBeCloseTo(5, 4);
    const pulled = nnls(equations, { ridge: [1e-6, 1e-6], prior: [8, 4] });
    expect(pulled.x[0]).toBeCloseTo(7, 4);
    expect(pulled.x[1]).toBeCloseTo(3, 4);
    const { dependent, x } = nnls(equations);
    expect([...dependent]).toEqual([0, 1]);
    expect(x[0]).toBeCloseTo(10, 9);
  });

  test('with a ridge and a prior it is the answer to the problem with rows added for them', () => {
    const random = seededRandom(3);
    const matrix = randomMatrix(random, 8, 12, 0.5);
    const target = matrix.map(() => 100 * random.uniform());
    const [ridge, prior] = [matrix[0]?.map((_, j) => 0.1 * (j + 1)) ?? [], matrix[0]?.map((_, j) => j) ?? []];
    const options: NnlsOptions = { ridge, prior };
    const added = ridge.map((weight, j) => ridge.map((_, k) => (k === j ? Math.sqrt(weight) : 0)));
    const whole = normalEquations(sparse([...matrix, ...added]), [
      ...target,
      ...ridge.map((weight, j) => Math.sqrt(weight) * (prior[j] ?? 0)),
    ]);
    const [given, spelt] = [nnls(normalEquations(sparse(matrix), target), options), nnls(whole)];
    for (const [j, value] of spelt.x.entries()) expect(given.x[j]).toBeCloseTo(value, 8);
  });

  test('five hundred columns, of which many are active', () => {
    const random = seededRandom(11);
    const matrix = randomMatrix(random, 700, 500, 0.1);
    const target = matrix.map((row) =>
      row.reduce((sum, entry, j) => sum + entry * (j % 3) * 10, 30 * random.normal()),
    );
    const equations = normalEquations(sparse(matrix), target);
    const solution = nnls(equations);
    expect(solution.converged).toBe(true);
    expect(violation(equations, solution.x)).toBeLessThan(1e-9);
    expect(solution.x.filter((value) => value > 0).length).toBeGreaterThan(250);
  });

  test('no rows, no columns', () => {
    expect([...nnls(normalEquations(sparse([]), [])).x]).toEqual([]);
    expect([...nnls(normalEquations({ ...sparse([]), width: 3 }, [])).x]).toEqual([0, 0, 0]);
  });

  test('refuses what is not finite', () => {
    const equations = normalEquations(sparse([[1, Number.NaN]]), [1]);
    expect(() => nnls(equations)).toThrow(RangeError);
  });
});

describe('normalEquations', () => {
  test('are Aᵀ·A and Aᵀ·b, of the rows with a finite target', () => {
    const matrix = [
      [1, 0, 2],
      [0, 3, 0],
      [4, 5, 6],
      [9, 9, 9],
    ];
    const { gram, right, square, count } = normalEquations(sparse(matrix), [1, 2, 3, Number.NaN]);
    expect([...gram]).toEqual([17, 20, 26, 20, 34, 30, 26, 30, 40]);
    expect([...right]).toEqual([13, 21, 20]);
    expect(square).toBe(14);
    expect(count).toBe(3);
  });

  test('a weight of 2 counts a row twice', () => {
    const [once, twice] = [
      sparse([
        [1, 2],
        [3, 0],
      ]),
      sparse([
        [1, 2],
        [3, 0],
        [3, 0],
      ]),
    ];
    const [weighted, repeated] = [normalEquations(once, [5, 6], [1, 2]), normalEquations(twice, [5, 6, 6])];
    expect(weighted.gram).toEqual(repeated.gram);
    expect(weighted.right).toEqual(repeated.right);
    expect(weighted.square).toBe(repeated.square);
  });
});
