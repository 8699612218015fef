import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectSize } from './effect-size.js';
import { holm } from './holm.js';
import { meanRatio } from './mean-ratio.js';
import { outliers } from './outliers.js';
import { seededRandom } from './random.js';
import { statistics } from './sample-statistics.js';
import { countForPower, detectableEffect, testPower } from './test-power.js';
import { welchTest } from './welch.js';

/** Reference values are SciPy 1.10's, and the sample is a textbook's. */
const A = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
const B = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 31.3];

const amounts = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 2, maxLength: 12 });
const shuffled = (values: readonly number[]) =>
  fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });
const normal = (count: number, random: { normal(): number }, mean = 10, deviation = 1): number[] =>
  Array.from({ length: count }, () => mean + deviation * random.normal());

describe('welchTest', () => {
  it('gives what SciPy gives', () => {
    const found = welchTest(A, B);
    expect(found?.t).toBeCloseTo(2.949236837313109, 10);
    expect(found?.p).toBeCloseTo(0.006460408027460329, 12);
    expect(found?.degreesOfFreedom).toBeCloseTo(27.31161047222031, 9);
    expect(found?.difference).toBeCloseTo(3.2933333333, 9);
    expect(found?.low).toBeCloseTo(1.0033320346903483, 9);
    expect(found?.high).toBeCloseTo(5.583334631976324, 9);
  });

  it('says nothing of single values, and no nonsense of equal ones', () => {
    expect(welchTest([1], [1, 2])).toBeUndefined();
    expect(welchTest([0.1, 0.1, 0.1], [0.1, 0.1])).toMatchObject({ t: 0, p: 1 });
    expect(welchTest([1, 1], [2, 2])).toMatchObject({ t: Number.POSITIVE_INFINITY, p: 0, difference: 1 });
  });

  it('is the same both ways round, and in whatever order', () => {
    fc.assert(
      fc.property(
        amounts.chain((a) => fc.tuple(fc.constant(a), shuffled(a))),
        amounts,
        ([a, mixed], b) => {
          const [there, back, again] = [welchTest(a, b), welchTest(b, a), welchTest(mixed, b)];
          expect(back?.p).toBeCloseTo(there?.p ?? Number.NaN, 9);
          expect(back?.difference).toBeCloseTo(-(there?.difference ?? Number.NaN), 9);
          expect(again?.p).toBeCloseTo(there?.p ?? Number.NaN, 6);
        },
      ),
    );
  });

  it('finds what is not there in 5 of 100 experiments', () => {
    const random = seededRandom(7);
    const rounds = 4000;
    let found = 0;
    for (let round = 0; round < rounds; round++)
      found += Number((welchTest(normal(5, random), normal(5, random))?.p ?? 1) < 0.05);
    // One standard error is 0.0034; Welch's test is a little careful with few values.
    expect(found / rounds).toBeGreaterThan(0.035);
    expect(found / rounds).toBeLessThan(0.058);
  });
});

describe('effectSize', () => {
  it.each([
    [A, B, [1.0769090288143892, 1.04775937912733, 0.29168028235597504, 1.7876226942729756]],
    [
      [10, 10.2, 9.9],
      [12, 12.1, 12.3, 11.8],
      [10.728569394745135, 9.020030583309318, 3.5032379340729007, 14.575289120342827],
    ],
    [
      [1, 2, 3, 4, 5],
      [2, 1, 4, 3, 6],
      [0.11359236684941307, 0.1025402082351589, -1.0206727486544338, 1.2194718979324606],
    ],
  ])('gives what SciPy’s noncentral t gives', (a, b, [d, g, low, high]) => {
    const found = effectSize(a, b);
    expect(found?.cohensD).toBeCloseTo(d ?? 0, 9);
    expect(found?.hedgesG).toBeCloseTo(g ?? 0, 9);
    expect(found?.low).toBeCloseTo(low ?? 0, 6);
    expect(found?.high).toBeCloseTo(high ?? 0, 6);
  });

  it('turns its sign with the samples', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const [there, back] = [effectSize(a, b), effectSize(b, a)];
        fc.pre(there?.low !== undefined && Math.abs(there.hedgesG) < 50);
        expect(back?.hedgesG).toBeCloseTo(-there.hedgesG, 8);
        expect(back?.high).toBeCloseTo(-there.low, 5);
      }),
    );
  });

  it('has none without spread, and no interval where it is beyond measure', () => {
    expect(effectSize([1, 1], [2, 2])).toBeUndefined();
    const huge = effectSize([1, 1 + 1e-9], [2, 2]);
    expect(huge?.hedgesG).toBeGreaterThan(1e8);
    expect(huge).not.toHaveProperty('low');
  });
});

describe('meanRatio', () => {
  it('is even: upside down the other way round', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const [there, back] = [meanRatio(a, b), meanRatio(b, a)];
        expect((back?.value ?? 0) * (there?.value ?? 0)).toBeCloseTo(1, 9);
        expect((back?.low ?? 0) * (there?.high ?? 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('covers the true ratio in 95 of 100 experiments', () => {
    const random = seededRandom(11);
    const rounds = 3000;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      const ratio = meanRatio(normal(5, random, 10, 0.8), normal(5, random, 20, 1));
      covered += Number(ratio !== undefined && ratio.low <= 2 && ratio.high >= 2);
    }
    expect(covered / rounds).toBeGreaterThan(0.935);
    expect(covered / rounds).toBeLessThan(0.97);
  });

  it('says nothing of amounts that are none', () => {
    expect(meanRatio([0, 0], [1, 2])).toBeUndefined();
    expect(meanRatio([1, 2], [3])).toBeUndefined();
    expect(meanRatio([2, 2], [3, 3])).toEqual({ value: 1.5, low: 1.5, high: 1.5 });
  });
});

describe('holm', () => {
  it('adjusts as its steps say, in the order of the tests', () => {
    // 0.01·4, max(0.04, 0.02·3), max(0.06, 0.03·2), max(0.06, 0.5)
    expect(holm([0.03, 0.01, 0.5, 0.02])).toEqual([0.06, 0.04, 0.5, 0.06]);
    expect(holm([0.01, 0.02], 10)).toEqual([0.1, 0.18]);
    expect(holm([])).toEqual([]);
  });

  it('makes no p smaller, and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (ps) => {
        const adjusted = holm(ps);
        for (const [i, p] of ps.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          for (const [j, q] of ps.entries())
            if (p <= q) expect(adjusted[i] ?? 0).toBeLessThanOrEqual(adjusted[j] ?? 0);
        }
      }),
    );
  });
});

describe('statistics', () => {
  it('is surer of the mean of more values of the same spread', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 2, max: 5 }), (values, times) => {
        const few = statistics(values)?.confidence95 ?? 0;
        const many = statistics(Array.from({ length: times }, () => values).flat())?.confidence95 ?? 0;
        fc.pre(few > 1e-9);
        expect(many).toBeLessThan(few);
      }),
    );
  });
});

describe('outliers', () => {
  it('marks what stands far off, also two of six', () => {
    expect(outliers([10, 10.1, 9.9, 10, 14])).toEqual([false, false, false, false, true]);
    expect(outliers([10, 20, 10.1, 9.9, 10.05, 19])).toEqual([false, true, false, false, false, true]);
  });

  it('marks none of too few, nor of equal ones', () => {
    expect(outliers([1, 1, 1, 50])).toEqual([false, false, false, false]);
    expect(outliers([3, 3, 3, 3, 3])).not.toContain(true);
    expect(outliers([])).toEqual([]);
  });

  it('marks one in at most 5 of 100 samples without any, whatever their size', () => {
    const random = seededRandom(3);
    for (const size of [5, 6, 7, 8, 9, 10, 12, 15, 16, 20, 30, 100]) {
      const rounds = 3000;
      let marked = 0;
      for (let round = 0; round < rounds; round++)
        marked += Number(outliers(normal(size, random)).includes(true));
      // One standard error is 0.004.
      expect(marked / rounds, `of ${size}`).toBeLessThan(0.062);
    }
  });
});

describe('the power of a test', () => {
  it.each([
    [0.5, 64, 0.8014595579287103],
    [1, 5, 0.28629549342627786],
    [2, 5, 0.790542378017714],
    [0.8, 26, 0.8074866157939418],
  ])('for an effect of %d with %d values is %d', (effect, count, expected) => {
    expect(testPower(effect, count)).toBeCloseTo(expected, 8);
  });

  it.each([
    [0.5, 64],
    [1, 17],
    [2, 6],
    [5, 3],
    [0.1, 1571],
  ])('an effect of %d needs %d values', (effect, count) => {
    expect(countForPower(effect)).toBe(count);
  });

  it.each([
    [2, 5.653489266395664],
    [3, 3.070892266363693],
    [5, 2.0244393392690117],
    [10, 1.3249473925791944],
  ])('%d values find an effect of %d', (count, effect) => {
    expect(detectableEffect(count)).toBeCloseTo(effect, 6);
  });

  it('finds what is beyond measure at once', () => {
    expect(testPower(1e14, 2)).toBeCloseTo(1, 6);
    expect(countForPower(1e14)).toBe(2);
  });

  it('needs no number of values for no effect', () => {
    expect(countForPower(0)).toBeUndefined();
    expect(detectableEffect(1)).toBeUndefined();
  });
});
