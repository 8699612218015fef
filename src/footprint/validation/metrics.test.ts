import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineSimilarity } from './cosine.js';
import type { Figure } from './figure.js';
import { coverage, individualDifference, relativeDifferences } from './individual-difference.js';
import { pairUp } from './pairs.js';
import { rSquared } from './r-squared.js';
import { meanWindowError, totalError, totalErrorByWindow } from './total-error.js';
import { coefficientOfVariation, latencyNormalizedVariance } from './variation.js';

function value(found: Figure): number {
  if ('reason' in found) throw new Error(found.reason);
  return found.value;
}

const reason = (found: Figure): string => ('reason' in found ? found.reason : `is ${found.value}`);

const joules = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const vectors = fc
  .integer({ min: 2, max: 8 })
  .chain((length) =>
    fc.tuple(
      fc.array(joules, { minLength: length, maxLength: length }),
      fc.array(joules, { minLength: length, maxLength: length }),
    ),
  );

describe('cosineSimilarity', () => {
  it('is that of examples by hand', () => {
    expect(value(cosineSimilarity([1, 0], [0, 2]))).toBe(0);
    expect(value(cosineSimilarity([1, 2], [2, 4]))).toBeCloseTo(1, 15);
    expect(value(cosineSimilarity([3, 4], [4, 3]))).toBeCloseTo(24 / 25, 15);
    expect(value(cosineSimilarity([1, 1], [-1, -1]))).toBeCloseTo(-1, 15);
  });

  it('is symmetric, blind to scale, and between 0 and 1 for energies', () => {
    fc.assert(
      fc.property(vectors, joules, ([a, b], scale) => {
        const cosine = value(cosineSimilarity(a, b));
        expect(cosine).toBeGreaterThanOrEqual(0);
        expect(cosine).toBeLessThanOrEqual(1);
        expect(value(cosineSimilarity(b, a))).toBeCloseTo(cosine, 12);
        expect(
          value(
            cosineSimilarity(
              a.map((x) => x * scale),
              b,
            ),
          ),
        ).toBeCloseTo(cosine, 12);
      }),
    );
  });

  it('bears figures whose squares leave the range of doubles', () => {
    expect(value(cosineSimilarity([3e200, 4e200], [4e-200, 3e-200]))).toBeCloseTo(24 / 25, 12);
  });

  it('says why there is none', () => {
    expect(reason(cosineSimilarity([], []))).toMatch(/no function/);
    expect(reason(cosineSimilarity([1], [2]))).toMatch(/one function/);
    expect(reason(cosineSimilarity([0, 0], [2, 3]))).toMatch(/is 0/);
    expect(reason(cosineSimilarity([Number.NaN, 1], [2, 3]))).toMatch(/not finite/);
    expect(reason(cosineSimilarity([1, 2], [2]))).toMatch(/2 figures/);
  });
});

describe('pairUp', () => {
  it('compares what is in both, in the order of the references, and tells the rest', () => {
    const pairs = pairUp(
      { a: 1, b: 2, c: Number.NaN, e: undefined },
      { b: 3, a: 4, c: 5, d: 6, e: 7, f: undefined },
    );
    expect(pairs.names).toEqual(['b', 'a']);
    expect([...pairs.estimates]).toEqual([2, 1]);
    expect([...pairs.references]).toEqual([3, 4]);
    expect(pairs.withoutEstimate).toEqual(['c', 'd', 'e']);
    expect(pairUp({ a: 1, z: 2 }, { a: 1 }).withoutReference).toEqual(['z']);
  });

  it('does not take what every object inherits for a figure', () => {
    expect(pairUp({ toString: 1 }, {}).names).toEqual([]);
    expect(pairUp({}, { constructor: 2 }).withoutEstimate).toEqual(['constructor']);
  });
});

describe('individualDifference', () => {
  it('counts each function once, over its reference', () => {
    const pairs = pairUp({ a: 9, b: 30 }, { a: 10, b: 20 });
    expect(relativeDifferences(pairs)).toEqual({ a: -0.1, b: 0.5 });
    expect(value(individualDifference(pairs))).toBeCloseTo(0.3, 15);
  });

  it('leaves out functions whose reference is 0, and says when nothing is left', () => {
    const pairs = pairUp({ a: 9, b: 30 }, { a: 10, b: 0 });
    expect(value(individualDifference(pairs))).toBeCloseTo(0.1, 15);
    expect(reason(individualDifference(pairUp({ b: 30 }, { b: 0 })))).toMatch(/reference is 0/);
    expect(reason(individualDifference(pairUp({ b: 30 }, { a: 1 })))).toMatch(/no function/);
  });

  it('is 0 for the truth, and the factor less one for all of it times a factor', () => {
    fc.assert(
      fc.property(vectors, fc.double({ min: 1, max: 5, noNaN: true }), ([truth], factor) => {
        const references = Object.fromEntries(truth.map((x, i) => [`f${i}`, x]));
        const estimates = Object.fromEntries(truth.map((x, i) => [`f${i}`, x * factor]));
        expect(value(individualDifference(pairUp(references, references)))).toBe(0);
        expect(value(individualDifference(pairUp(estimates, references)))).toBeCloseTo(factor - 1, 9);
      }),
    );
  });
});

describe('coverage', () => {
  it('is the part within so many standard errors, of those that have one', () => {
    const pairs = pairUp({ a: 10, b: 10, c: 10 }, { a: 11.9, b: 12.1, c: 50 });
    expect(value(coverage(pairs, [1, 1, Number.NaN], 2))).toBe(0.5);
    expect(reason(coverage(pairs, [], 2))).toMatch(/standard error/);
  });
});

describe('total error', () => {
  const powers = { measuredWatts: [100, 100, 50, 50], predictedWatts: [90, 110, 60, 50] };

  it('is of the energies, so that errors of two signs undo one another', () => {
    expect(value(totalError(powers))).toBeCloseTo(10 / 300, 15);
  });

  it('is told by window, where they do not', () => {
    expect([...totalErrorByWindow(powers, 1)]).toEqual([0.1, 0.1, 0.2, 0]);
    expect([...totalErrorByWindow(powers, 2)]).toEqual([0, 0.1]);
    expect([...totalErrorByWindow(powers, 3)]).toEqual([10 / 250, 0]);
    expect(value(meanWindowError(powers, 1))).toBeCloseTo(0.1, 15);
  });

  it('leaves out ticks that either side does not know', () => {
    const gaps = { measuredWatts: [100, Number.NaN, 50], predictedWatts: [90, 1, Number.NaN] };
    expect(value(totalError(gaps))).toBeCloseTo(0.1, 15);
    expect([...totalErrorByWindow(gaps, 3)]).toEqual([Number.NaN]);
    expect([...totalErrorByWindow(gaps, 1)]).toEqual([0.1, Number.NaN, Number.NaN]);
  });

  it('says why there is none', () => {
    expect(reason(totalError({ measuredWatts: [], predictedWatts: [] }))).toMatch(/no tick/);
    expect(reason(totalError({ measuredWatts: [0], predictedWatts: [1] }))).toMatch(/no energy/);
    expect(reason(meanWindowError({ measuredWatts: [], predictedWatts: [] }, 60))).toMatch(/no tick/);
  });
});

describe('rSquared', () => {
  it('is 1 for the truth, 0 for the mean, below for worse', () => {
    const measuredWatts = [1, 2, 3, 6];
    expect(value(rSquared({ measuredWatts, predictedWatts: measuredWatts }))).toBe(1);
    expect(value(rSquared({ measuredWatts, predictedWatts: [3, 3, 3, 3] }))).toBe(0);
    // Errors 1 + 1 + 0 + 4 = 6, spread 4 + 1 + 0 + 9 = 14.
    expect(value(rSquared({ measuredWatts, predictedWatts: [2, 3, 3, 4] }))).toBeCloseTo(1 - 6 / 14, 15);
    expect(value(rSquared({ measuredWatts, predictedWatts: [9, 9, 9, 9] }))).toBeLessThan(0);
  });

  it('is none where power never moves, or is hardly known', () => {
    const still = new Float64Array(50).fill(0.1 + 0.2);
    expect(reason(rSquared({ measuredWatts: still, predictedWatts: still }))).toMatch(/never moves/);
    expect(reason(rSquared({ measuredWatts: [1], predictedWatts: [1] }))).toMatch(/fewer than two/);
    const gaps = { measuredWatts: [1, Number.NaN, 3], predictedWatts: [1, 2, 3] };
    expect(value(rSquared(gaps))).toBe(1);
  });
});

describe('variation', () => {
  it('is deviation over mean', () => {
    expect(value(coefficientOfVariation([2, 4, 6, Number.NaN]))).toBe(0.5);
    expect(reason(coefficientOfVariation([2]))).toMatch(/fewer than two/);
    expect(reason(coefficientOfVariation([-1, 1]))).toMatch(/not above 0/);
  });

  it('is normalised by the scatter of latency, mean over functions', () => {
    const scatter = [
      { name: 'a', windowJoules: [10, 20, 30], latencyDeviationSeconds: 2 },
      { name: 'b', windowJoules: [1, 3, Number.NaN], latencyDeviationSeconds: Math.SQRT1_2 },
      { name: 'constant', windowJoules: [1, 2], latencyDeviationSeconds: 0 },
      { name: 'once', windowJoules: [1, Number.NaN], latencyDeviationSeconds: 1 },
    ];
    expect(value(latencyNormalizedVariance(scatter))).toBeCloseTo(
      (10 / 2 + Math.SQRT2 / Math.SQRT1_2) / 2,
      12,
    );
    expect(reason(latencyNormalizedVariance(scatter.slice(2)))).toMatch(/two windows/);
  });
});
