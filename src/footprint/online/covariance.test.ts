import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choleskyOf, seededRandom } from '../../maths/index.js';
import { randomMatrix, sparse } from '../../maths/testing/design.js';
import { Covariance } from './covariance.js';

const problems = fc.record({
  seed: fc.integer(),
  size: fc.integer({ min: 1, max: 24 }),
  ran: fc.integer({ min: 1, max: 24 }),
  rows: fc.integer({ min: 1, max: 9 }),
});

interface Problem {
  readonly covariance: Covariance;
  readonly members: Uint32Array;
  readonly matrix: number[][];
}

/** A covariance of no particular shape, and rows that speak of some of its members. */
function problemOf({
  seed,
  size,
  ran,
  rows,
}: {
  seed: number;
  size: number;
  ran: number;
  rows: number;
}): Problem {
  const random = seededRandom(seed);
  const root = randomMatrix(random, size, size, 1, true);
  const triangle: number[] = [];
  for (const [i, one] of root.entries())
    for (const other of root.slice(0, i + 1))
      triangle.push(one.reduce((sum, value, k) => sum + value * (other[k] ?? 0), one === other ? 0.1 : 0));
  const covariance = Covariance.from(triangle, size);
  const members = Uint32Array.from({ length: size }, (_, i) => i)
    .sort((a, b) => ((a * 7919 + seed) % 31) - ((b * 7919 + seed) % 31))
    .slice(0, Math.min(ran, size));
  return { covariance, members, matrix: randomMatrix(random, rows, members.length, 0.6) };
}

const full = (covariance: Covariance): number[][] =>
  Array.from({ length: covariance.size }, (_, i) =>
    Array.from({ length: covariance.size }, (_, j) => covariance.between(i, j)),
  );

/** An update with noise of variance 1, by the code under test. */
function updated({ covariance, members, matrix }: Problem): void {
  const rows = { ...sparse(matrix), width: members.length };
  const { onState, onRows } = covariance.project(rows, members);
  const s = onRows.map((value, place) => value + (place % (rows.count + 1) === 0 ? 1 : 0));
  const factor = choleskyOf(s, rows.count);
  covariance.reduce(factor?.forwardRows(onState, covariance.size) ?? onState, rows.count, members);
}

/** P − K·H·P with K = P·Hᵀ·(H·P·Hᵀ + 1)⁻¹, one row after another, as in a textbook. */
function textbook({ covariance, members, matrix }: Problem): number[][] {
  let p = full(covariance);
  for (const row of matrix) {
    const h = new Array<number>(covariance.size).fill(0);
    for (const [c, member] of members.entries()) h[member] = row[c] ?? 0;
    const ph = p.map((line) => line.reduce((sum, value, j) => sum + value * (h[j] ?? 0), 0));
    const s = 1 + ph.reduce((sum, value, j) => sum + value * (h[j] ?? 0), 0);
    p = p.map((line, i) => line.map((value, j) => value - ((ph[i] ?? 0) * (ph[j] ?? 0)) / s));
  }
  return p;
}

describe('Covariance', () => {
  test('loses what observations explain, as in a textbook, but for members that do not run', () => {
    fc.assert(
      fc.property(problems, (shape) => {
        const problem = problemOf(shape);
        const before = full(problem.covariance);
        const expected = textbook(problem);
        updated(problem);
        const active = new Set(problem.members);
        for (const [i, line] of full(problem.covariance).entries()) {
          for (const [j, value] of line.entries()) {
            const right = active.has(i) || active.has(j) ? expected[i]?.[j] : before[i]?.[j];
            expect(value).toBeCloseTo(right ?? Number.NaN, 8);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('stays symmetric, and one that errors can have', () => {
    fc.assert(
      fc.property(problems, (shape) => {
        const problem = problemOf(shape);
        updated(problem);
        problem.covariance.spread(0, 5, 2);
        const matrix = full(problem.covariance);
        for (const [i, line] of matrix.entries())
          for (const [j, value] of line.entries()) expect(value).toBe(matrix[j]?.[i]);
        // Rounding may leave a direction of which everything is known.
        const raised = matrix.map((line, i) => line.map((value, j) => value + (i === j ? 1e-9 : 0)));
        expect(choleskyOf(Float64Array.from(raised.flat()), matrix.length)).toBeDefined();
      }),
      { numRuns: 200 },
    );
  });

  test('grows past its room, keeps members, and survives a way through its triangle', () => {
    const covariance = new Covariance();
    for (let i = 0; i < 40; i++) covariance.add(i + 1);
    updated({ covariance, members: Uint32Array.of(3, 17), matrix: [[1, 1]] });
    const shared = covariance.between(3, 17);
    expect(shared).toBeLessThan(0);
    expect(covariance.variance(39)).toBe(40);
    covariance.keep([17, 39, 3]);
    expect(covariance.size).toBe(3);
    expect(covariance.between(0, 2)).toBe(shared);
    expect(covariance.variance(1)).toBe(40);
    expect(full(Covariance.from(covariance.toArray(), 3))).toEqual(full(covariance));
  });

  test('errors grow up to a limit', () => {
    const covariance = new Covariance();
    covariance.add(1);
    covariance.spread(0, 2, 10);
    expect(covariance.variance(0)).toBe(3);
    covariance.spread(0, 20, 10);
    expect(covariance.variance(0)).toBeCloseTo(10, 12);
  });
});
