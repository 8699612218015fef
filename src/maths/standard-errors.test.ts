import { describe, expect, test } from 'vitest';
import { nnls } from './nnls.js';
import { multiply, normalEquations } from './normal-equations.js';
import { seededRandom } from './random.js';
import {
  autocorrelationInflation,
  neweyWestErrors,
  residualSquare,
  standardErrors,
} from './standard-errors.js';
import { randomMatrix, sparse } from './testing/design.js';

const TRUTH = [50, 30, 80];

/** How far estimates lie from the truth in units of their standard error, over many draws of the noise. */
function spreads(memory: number, method: 'plain' | 'newey-west'): number {
  const random = seededRandom(17);
  let [sum, count] = [0, 0];
  for (let draw = 0; draw < 200; draw++) {
    // Work that lasts makes rows alike; noise that lasts then weighs the more.
    const matrix = randomMatrix(random, 50, 3, 0.6).flatMap((row) => Array.from({ length: 8 }, () => row));
    const rows = sparse(matrix);
    let noise = 0;
    const target = multiply(rows, TRUTH).map((watts) => {
      noise = memory * noise + 5 * Math.sqrt(1 - memory ** 2) * random.normal();
      return watts + noise;
    });
    const equations = normalEquations(rows, target);
    const solution = nnls(equations);
    const predicted = multiply(rows, solution.x);
    const residuals = target.map((watts, i) => watts - (predicted[i] ?? 0));
    const variance = residualSquare(equations, solution.x) / (rows.count - TRUTH.length);
    const errors =
      method === 'plain'
        ? standardErrors(equations, solution, { variance })
        : neweyWestErrors(rows, residuals, equations, { free: solution.free, lags: 20 });
    for (const [j, truth] of TRUTH.entries()) {
      sum += (((solution.x[j] ?? 0) - truth) / (errors[j] ?? 0)) ** 2;
      count++;
    }
  }
  return Math.sqrt(sum / count);
}

describe('standardErrors', () => {
  test('are as large as the estimates err, where the noise is independent', () => {
    expect(spreads(0, 'plain')).toBeGreaterThan(0.9);
    expect(spreads(0, 'plain')).toBeLessThan(1.1);
  });

  test('those of Newey and West are, where neighbouring residuals err alike and the plain ones promise too much', () => {
    expect(spreads(0.8, 'plain')).toBeGreaterThan(1.8);
    expect(spreads(0.8, 'newey-west')).toBeGreaterThan(0.8);
    expect(spreads(0.8, 'newey-west')).toBeLessThan(1.3);
  });

  test('tell how well a zero is known, and that a twin is not known at all', () => {
    const rows = sparse([
      [1, 0, 1],
      [1, 1, 1],
      [0, 1, 0],
    ]);
    const equations = normalEquations(rows, [10, 4, 0]);
    const solution = nnls(equations);
    const errors = standardErrors(equations, solution, { variance: 4 });
    expect([...solution.free]).toEqual([1, 0, 0]);
    expect(errors[0]).toBeCloseTo(2 / Math.sqrt(2), 9);
    expect(errors[1]).toBeCloseTo(2 / Math.sqrt(2 - 1 / 2), 9);
    expect(errors[2]).toBe(Number.POSITIVE_INFINITY);
  });

  test('a ridge makes them smaller', () => {
    const equations = normalEquations(sparse([[1], [1]]), [3, 5]);
    const [error] = standardErrors(equations, nnls(equations, { ridge: 2 }), { variance: 1, ridge: 2 });
    expect(error).toBeCloseTo(0.5, 9);
  });
});

describe('residualSquare', () => {
  test('is the sum of squares', () => {
    const rows = sparse([
      [1, 2],
      [3, 4],
    ]);
    expect(residualSquare(normalEquations(rows, [6, 10]), [1, 2])).toBeCloseTo(1 + 1, 9);
  });
});

describe('autocorrelationInflation', () => {
  test('is 1 for independent residuals and their sign changes, more for lasting ones', () => {
    const random = seededRandom(2);
    const independent = Array.from({ length: 20_000 }, () => random.normal());
    expect(autocorrelationInflation(independent)).toBeLessThan(1.2);
    expect(autocorrelationInflation([1, -1, 1, -1, 1, -1], 2)).toBe(1);
    let value = 0;
    const lasting = independent.map((step) => (value = 0.5 * value + step));
    // (1 + ρ) / (1 − ρ) is 3.
    expect(autocorrelationInflation(lasting, 40)).toBeGreaterThan(2.4);
    expect(autocorrelationInflation(lasting, 40)).toBeLessThan(3.6);
    expect(autocorrelationInflation([])).toBe(1);
  });
});
