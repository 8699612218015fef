import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockedFolds } from './blocked-folds.js';
import { descend, type SvrProblem, svrObjective } from './dual-descent.js';
import type { LinearFit, LinearRows } from './linear-rows.js';
import { linearSvr } from './linear-svr.js';
import { type Random, seededRandom } from './random.js';
import { robustLinear } from './robust-linear.js';

interface Cloud {
  readonly rows: number;
  readonly coefficients: readonly number[];
  readonly intercept: number;
  readonly noise: number;
  /** Part of the rows whose target is anything, above all too high. */
  readonly wild: number;
}

function cloud(random: Random, { rows, coefficients, intercept, noise, wild }: Cloud): LinearRows {
  // Features of very different size, as cycles and seconds are.
  const features = coefficients.map((_, k) =>
    Float64Array.from({ length: rows }, () => 10 ** (3 * k) * random.exponential()),
  );
  const target = Float64Array.from({ length: rows }, (_, row) => {
    const exact = coefficients.reduce((sum, value, k) => sum + value * (features[k]?.[row] ?? 0), intercept);
    return random.uniform() < wild ? exact + 400 * random.exponential() : exact + noise * random.normal();
  });
  return { features, target };
}

const PLAIN: Cloud = { rows: 400, coefficients: [12, 0.02, 3e-6], intercept: 20, noise: 1, wild: 0 };
const svr = (rows: LinearRows, more: object = {}) => linearSvr(rows, { epsilon: 0.5, cost: 10, ...more });
const FITS: readonly [string, (rows: LinearRows, nonNegative?: boolean) => LinearFit | undefined][] = [
  ['linearSvr', (rows, nonNegative = false) => svr(rows, { nonNegative })],
  ['robustLinear', (rows, nonNegative = false) => robustLinear(rows, { nonNegative })],
];

describe.each(FITS)('%s', (_, fitLine) => {
  it('finds coefficients of any size though a fifth of the rows is wild', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const found = fitLine(cloud(seededRandom(seed), { ...PLAIN, wild: 0.2 }));
        expect(Math.abs((found?.coefficients[0] ?? 0) - 12)).toBeLessThan(0.8);
        expect(Math.abs((found?.coefficients[1] ?? 0) - 0.02)).toBeLessThan(8e-4);
        expect(Math.abs((found?.coefficients[2] ?? 0) - 3e-6)).toBeLessThan(8e-7);
        expect(Math.abs((found?.intercept ?? 0) - 20)).toBeLessThan(1.5);
      }),
      { numRuns: 25, seed: 1 },
    );
  });

  it('gives no coefficient below zero when told so, and still fits the others', () => {
    const rows = cloud(seededRandom(3), { ...PLAIN, coefficients: [12, -0.001, 3e-6] });
    expect(fitLine(rows)?.coefficients[1]).toBeLessThan(0);
    const found = fitLine(rows, true);
    expect(found?.coefficients[1]).toBe(0);
    expect(found?.coefficients[0]).toBeCloseTo(12, 0);
  });

  it('leaves rows out that are no figures, and counts rows by their weights', () => {
    const rows = cloud(seededRandom(4), PLAIN);
    const clean = fitLine(rows);
    const weights = new Float64Array(400).fill(1);
    const [first = new Float64Array(0)] = rows.features;
    first[5] = Number.NaN;
    rows.target[6] = Number.POSITIVE_INFINITY;
    rows.target.fill(5000, 10, 250);
    weights.fill(0, 10, 250);
    const found = fitLine({ ...rows, weights });
    expect(found?.coefficients[0]).toBeCloseTo(clean?.coefficients[0] ?? 0, 0);
  });

  it('says nothing about features that never change, and nothing at all from too few rows', () => {
    const rows = cloud(seededRandom(5), PLAIN);
    const constant = new Float64Array(400).fill(7e9);
    const found = fitLine({ ...rows, features: [...rows.features, constant] });
    expect(found?.coefficients[3]).toBe(0);
    expect(found?.coefficients[0]).toBeCloseTo(12, 0);
    expect(fitLine({ features: [Float64Array.of(1)], target: Float64Array.of(1) })).toBeUndefined();
    expect(fitLine({ features: [], target: new Float64Array(0) })).toBeUndefined();
    const flat = fitLine({ features: [Float64Array.of(1, 2, 3)], target: new Float64Array(3).fill(9) });
    expect(flat).toMatchObject({ intercept: 9, coefficients: Float64Array.of(0) });
  });

  it('shares evenly between features that say the same', () => {
    const rows = cloud(seededRandom(6), { ...PLAIN, coefficients: [12] });
    const [feature = new Float64Array(0)] = rows.features;
    const found = fitLine({ ...rows, features: [feature, feature.slice()] }, true);
    expect(found?.coefficients[0]).toBeCloseTo(6, 0);
    expect(found?.coefficients[1]).toBeCloseTo(6, 0);
  });

  it('gives the same for the same', () => {
    const rows = cloud(seededRandom(7), { ...PLAIN, wild: 0.1 });
    expect(fitLine(rows)).toEqual(fitLine(rows));
  });
});

describe('robustLinear', () => {
  it('is least squares where nothing is wild, and counts what is', () => {
    const random = seededRandom(8);
    const found = robustLinear(cloud(random, PLAIN));
    expect(found?.deviation).toBeGreaterThan(0.85);
    expect(found?.deviation).toBeLessThan(1.15);
    expect(found?.outliers).toBe(0);
    const wild = robustLinear(cloud(random, { ...PLAIN, wild: 0.2 }));
    expect(wild?.outliers).toBeGreaterThan(50);
    expect(wild?.outliers).toBeLessThan(110);
  });

  it('finds a line exactly where there is no noise', () => {
    const found = robustLinear(cloud(seededRandom(9), { ...PLAIN, noise: 0, wild: 0.2 }));
    expect(found?.coefficients[0]).toBeCloseTo(12, 4);
    expect(found?.intercept).toBeCloseTo(20, 3);
  });
});

describe('dual descent', () => {
  const small = fc.record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    rows: fc.integer({ min: 3, max: 12 }),
    epsilon: fc.constantFrom(0, 0.1, 1),
    cost: fc.constantFrom(0.1, 1, 10),
    nonNegative: fc.boolean(),
  });
  const problemOf = ({
    seed,
    rows,
    epsilon,
    cost,
    nonNegative,
  }: {
    seed: number;
    rows: number;
    epsilon: number;
    cost: number;
    nonNegative: boolean;
  }): SvrProblem => {
    const random = seededRandom(seed);
    return {
      rows: Float64Array.from({ length: 2 * rows }, () => random.normal()),
      width: 2,
      target: Float64Array.from({ length: rows }, () => 2 * random.normal() + 1),
      costs: Float64Array.from({ length: rows }, () => cost * (0.5 + random.uniform())),
      epsilon,
      nonNegative,
    };
  };
  const OPTIONS = { tolerance: 1e-6, maxRounds: 100_000, seed: 1 };

  /** The least objective by trying: ever finer grids around the best point so far. The objective is convex. */
  function leastByTrying(problem: SvrProblem): number {
    let [best, at, reach] = [Number.POSITIVE_INFINITY, [0, 0, 0], 16];
    for (let step = 0; step < 300; step++) {
      const centre = at;
      for (let i = 0; i < 125; i++) {
        const tried = centre.map((value, k) => value + reach * ((Math.floor(i / 5 ** k) % 5) / 2 - 1));
        if (problem.nonNegative) for (const k of [0, 1]) tried[k] = Math.max(0, tried[k] ?? 0);
        const objective = svrObjective(problem, tried, tried[2] ?? 0);
        if (objective < best - 1e-13) [best, at] = [objective, tried];
      }
      // Ridges of the objective run askew: the grid shrinks slowly, and only where it found nothing better.
      if (at === centre) reach *= 0.8;
    }
    return best;
  }

  it('finds what trying finds', () => {
    fc.assert(
      fc.property(small, (options) => {
        const problem = problemOf(options);
        const found = descend(problem, 0, OPTIONS);
        const tried = leastByTrying(problem);
        expect(found.objective).toBeLessThanOrEqual(tried * (1 + 1e-4) + 1e-6);
        expect(found.objective).toBe(svrObjective(problem, found.coefficients, found.intercept));
      }),
      { numRuns: 60 },
    );
  });

  it('proves how close it came: no point is better by more than the gap', () => {
    fc.assert(
      fc.property(
        small,
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (options, [a = 0, b = 0, c = 0]) => {
          const problem = problemOf(options);
          const found = descend(problem, 0, OPTIONS);
          expect(found.gap).toBeLessThan(1e-6);
          const other = problem.nonNegative ? [Math.abs(a), Math.abs(b)] : [a, b];
          expect(svrObjective(problem, other, c)).toBeGreaterThan(found.objective * (1 - 1e-5) - 1e-6);
        },
      ),
    );
  });

  it('does not hold the intercept back', () => {
    const random = seededRandom(10);
    const rows = cloud(random, { ...PLAIN, coefficients: [1], intercept: 5000 });
    expect(svr(rows)?.intercept).toBeCloseTo(5000, 0);
  });
});

describe('blockedFolds', () => {
  it('tries every row once, and never among rows that were fitted to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 5 }),
        (rows, folds, margin) => {
          const made = blockedFolds(rows, folds, margin);
          expect(made.flatMap(({ test }) => [...test])).toEqual(
            Array.from({ length: rows }, (_, row) => row),
          );
          for (const { train, test } of made) {
            const [first = 0, last = 0] = [test[0], test.at(-1)];
            expect(train.every((row) => row < first - margin || row > last + margin)).toBe(true);
          }
        },
      ),
    );
  });
});
