import { describe, expect, it } from 'vitest';
import type { InvocationTable } from '../../model/index.js';
import { type Judged, validate } from './validate.js';
import { scatterOf } from './window-energy.js';

const estimated = (
  name: string,
  individualJoules: number,
  marginalJoules?: number,
  meanLatencySeconds = 1,
) => ({
  name,
  meanLatencySeconds,
  individualJoules,
  individualErrorJoules: 1,
  ...(marginalJoules === undefined ? {} : { marginalJoules, marginalErrorJoules: 0.5 }),
});

const course = {
  t: Float64Array.of(1, 2, 3, 4),
  measuredWatts: Float64Array.of(10, 20, 30, 40),
  predictedWatts: Float64Array.of(11, 20, 30, 40),
  functionWatts: [Float64Array.of(1, 2, 3, 4)],
};

const account: Judged = {
  functions: [estimated('a', 8, 9, 2), estimated('b', 20, 30, 1), estimated('c', 5)],
  course,
};

/** Every number in it, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

describe('validate', () => {
  it('compares marginal energies with marginal references, and the naive guess beside it', () => {
    const validation = validate(account, {
      functions: { b: { marginalJoules: 20 }, a: { marginalJoules: 10 } },
    });
    expect(validation.against).toBe('marginal');
    expect(validation.compared).toEqual(['b', 'a']);
    expect(validation.cosineSimilarity).toBeCloseTo(
      (30 * 20 + 9 * 10) / Math.hypot(30, 9) / Math.hypot(20, 10),
      12,
    );
    expect(validation.naiveCosineSimilarity).toBeCloseTo(
      (20 + 2 * 10) / Math.hypot(1, 2) / Math.hypot(20, 10),
      12,
    );
    expect(validation.individualDifference).toBeCloseTo((0.5 + 0.1) / 2, 12);
    expect(validation.differences).toEqual({ b: 0.5, a: -0.1 });
    expect(validation.withinTwoErrors).toBe(0.5);
    expect(validation.totalError).toBeCloseTo(0.01, 12);
    expect(validation.r2).toBeCloseTo(1 - 1 / 500, 12);
    expect(validation.individual).toBeUndefined();
    expect(validation.windowError).toBeCloseTo(0.01, 12);
  });

  it('tells errors over time by windows of the length asked for', () => {
    const wrong = { ...course, predictedWatts: Float64Array.of(11, 19, 33, 40) };
    expect(validate({ ...account, course: wrong }, undefined, { windowSeconds: 1 }).windowError).toBeCloseTo(
      (0.1 + 0.05 + 0.1) / 4,
      12,
    );
    expect(validate({ ...account, course: wrong }, undefined, { windowSeconds: 2 }).windowError).toBeCloseTo(
      (0 + 3 / 70) / 2,
      12,
    );
  });

  it('compares individual energies where only those are known, and both where both are', () => {
    const alone = validate(account, {
      functions: { a: { individualJoules: 8 }, b: { individualJoules: 25 } },
    });
    expect(alone.against).toBe('individual');
    expect(alone.individualDifference).toBeCloseTo(0.1, 12);
    const both = validate(account, {
      functions: {
        a: { individualJoules: 8, marginalJoules: 9 },
        b: { individualJoules: 25, marginalJoules: 30 },
      },
    });
    expect(both.against).toBe('marginal');
    expect(both.individualDifference).toBe(0);
    expect(both.individual?.individualDifference).toBeCloseTo(0.1, 12);
  });

  it('tells of which functions with a reference nothing was said', () => {
    const validation = validate(account, {
      functions: { a: { marginalJoules: 9 }, c: { marginalJoules: 5 }, gone: { marginalJoules: 1 } },
    });
    expect(validation.withoutEstimate).toEqual(['c', 'gone']);
    expect(validation.cosineSimilarity).toBeUndefined();
    expect(validation.absent.cosineSimilarity).toMatch(/one function/);
    expect(validation.individualDifference).toBe(0);
  });

  it('never gives a figure that is none', () => {
    const nothing = {
      t: new Float64Array(0),
      measuredWatts: new Float64Array(0),
      predictedWatts: new Float64Array(0),
    };
    const cases = [
      validate({ functions: [], course: { ...nothing, functionWatts: [] } }, { functions: {} }),
      validate(account, undefined),
      validate(account, { functions: { a: {}, b: { marginalJoules: 0 } } }),
      validate(account, { functions: { a: { marginalJoules: Number.NaN }, b: { marginalJoules: 5 } } }),
      validate(
        { ...account, functions: [estimated('a', Number.NaN, Number.POSITIVE_INFINITY)] },
        {
          functions: { a: { marginalJoules: 5, individualJoules: 5 } },
        },
      ),
    ];
    for (const validation of cases) {
      for (const number of numbersIn(validation)) expect(Number.isFinite(number)).toBe(true);
      for (const name of ['cosineSimilarity', 'individualDifference', 'totalError', 'r2'] as const) {
        expect(validation[name] === undefined).toBe(validation.absent[name] !== undefined);
      }
    }
  });

  it('bears functions of any name', () => {
    const validation = validate(
      { functions: [estimated('__proto__', 1, 5), estimated('constructor', 1, 5)], course },
      {
        functions: JSON.parse(
          '{ "__proto__": { "marginalJoules": 5 }, "constructor": { "marginalJoules": 10 } }',
        ),
      },
    );
    expect(validation.compared).toEqual(['__proto__', 'constructor']);
    expect(Object.entries(validation.differences)).toEqual([
      ['__proto__', 0],
      ['constructor', -0.5],
    ]);
  });
});

describe('scatterOf', () => {
  const invocations: InvocationTable = {
    functions: ['idle', 'busy'],
    functionIndex: Uint32Array.of(1, 1, 1, 1),
    // 1 s and 3 s in the first window of 4 s, then one that lies in both, and one that never ends.
    start: Float64Array.of(0, 0, 3, 5),
    end: Float64Array.of(1, 3, 5, Number.POSITIVE_INFINITY),
  };
  const t = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const watts = Float64Array.of(20, 10, 10, 10, 6, 0, 0, 0);

  it('shares a window out among what ran in it', () => {
    const [busy] = scatterOf(['busy'], { t, functionWatts: [watts] }, invocations, 4);
    // 50 J among 2.5 invocations; half an invocation is too little to tell.
    expect(Array.from(busy?.windowJoules ?? [])).toEqual([20, Number.NaN]);
    expect(busy?.latencyDeviationSeconds).toBe(1);
  });

  it('has nothing to tell of functions that did not run, or of no course', () => {
    const [idle] = scatterOf(['idle'], { t, functionWatts: [watts] }, invocations, 4);
    expect(Array.from(idle?.windowJoules ?? [])).toEqual([Number.NaN, Number.NaN]);
    expect(idle?.latencyDeviationSeconds).toBeNaN();
    expect(scatterOf(['busy'], { t: Float64Array.of(1), functionWatts: [] }, invocations, 4)).toEqual([]);
    expect(scatterOf(['stranger'], { t, functionWatts: [watts] }, invocations, 4)).toEqual([]);
  });

  it('gives one window its energy by one invocation whatever the length of the window', () => {
    const validation = validate(
      {
        functions: [estimated('busy', 1)],
        course: { ...course, t, measuredWatts: watts, predictedWatts: watts, functionWatts: [watts] },
      },
      undefined,
      { invocations, windowSeconds: 1 },
    );
    // First tick: 20 J for 1 + 1/3 invocations; no other tick has a whole one.
    expect(validation.coefficientOfVariation).toBeUndefined();
    expect(validation.absent.latencyNormalizedVariance).toMatch(/two windows/);
  });
});
