import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incompleteBeta } from './incomplete-beta.js';
import { logGamma } from './log-gamma.js';
import { noncentralTCdf } from './noncentral-t.js';
import { normalCdf } from './normal.js';
import { tCdf, tQuantile, tTwoSided } from './student-t.js';

/** Reference values are SciPy 1.10's. */
const expectClose = (found: number, expected: number, relative = 1e-11): void =>
  expect(Math.abs(found - expected), `${found} and not ${expected}`).toBeLessThanOrEqual(
    relative * Math.max(Math.abs(expected), 1e-300) + (expected === 0 ? 1e-14 : 0),
  );

const degrees = fc.double({ min: 0.5, max: 1000, noNaN: true });

describe('logGamma', () => {
  it.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [1, 0],
    [3.7, 1.428072326665388],
    [50, 144.56574394634487],
    [1e4, 82099.71749644238],
  ])('of %d is %d', (x, expected) => expectClose(logGamma(x), expected));
});

describe('incompleteBeta', () => {
  it.each([
    [0.3, 2, 5, 0.579825],
    [0.9, 0.5, 0.5, 0.7951672353008662],
    [0.5, 100, 120, 0.9117960627949612],
    [1e-6, 0.5, 3, 0.0018749987500003753],
    [0.999, 30, 0.5, 0.807237306159537],
    [0, 2, 3, 0],
    [1, 2, 3, 1],
  ])('at %d for %d and %d is %d', (x, a, b, expected) => expectClose(incompleteBeta(x, a, b), expected));
});

describe('normalCdf', () => {
  it.each([
    [-8, 6.22096057427174e-16],
    [-3.5, 0.00023262907903552502],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [2.9, 0.998134186699616],
    [3.1, 0.9990323967867817],
    [5, 0.9999997133484281],
  ])('of %d is %d', (z, expected) => expectClose(normalCdf(z), expected));
});

describe('Student’s t', () => {
  it.each([
    [1, 1, 0.7500000000000002, 0.49999999999999956],
    [-2.5, 4.3, 0.03122403731810567, 0.06244807463621134],
    [2.042, 30, 0.9749856646719011, 0.050028670656197885],
    [8, 9, 0.9999889325915953, 2.213481680940017e-5],
    [40, 6, 0.9999999918408196, 1.631836093054247e-8],
    [0.3, 200, 0.617755634905336, 0.764488730189328],
  ])('at %d with %d degrees of freedom', (t, dof, below, outside) => {
    expectClose(tCdf(t, dof), below);
    expectClose(tTwoSided(t, dof), outside);
  });

  it.each([
    [0.975, 1, 12.706204736432095],
    [0.975, 2, 4.302652729911275],
    [0.975, 7, 2.3646242510102993],
    [0.975, 31, 2.0395134463964077],
    [0.975, 1000, 1.9623390808264074],
    [0.01, 3.5, -4.060711359314515],
    [0.9999, 5, 9.677566300886502],
    [0.6, 12, 0.25903274567688694],
    [0.5, 3, 0],
    [1, 3, Number.POSITIVE_INFINITY],
  ])('has its quantile %d with %d degrees of freedom at %d', (p, dof, expected) => {
    // SciPy's own quantiles are off in the tenth digit: its distribution at them says so.
    if (Number.isFinite(expected)) expectClose(tQuantile(p, dof), expected, 1e-9);
    else expect(tQuantile(p, dof)).toBe(expected);
  });

  it('has the quantiles of two degrees of freedom that its formula gives', () => {
    for (const p of [0.51, 0.8, 0.975, 0.9999])
      expectClose(tQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 1e-12);
  });

  it('finds by its quantile what its distribution says', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), degrees, (p, dof) => {
        expect(tCdf(tQuantile(p, dof), dof)).toBeCloseTo(p, 10);
      }),
    );
  });
});

describe('noncentralTCdf', () => {
  it.each([
    [1.5, 8, 1, 0.6643645679122466],
    [2.3, 8, 2.5, 0.40493055045194526],
    [-1, 5, 1.2, 0.019635257963854125],
    [0, 5, 1.2, 0.11506967022170833],
    [40, 8, 38, 0.5132077373102395],
    [150, 8, 158, 0.3529140369657053],
    [3, 50, -1, 0.999934131586724],
  ])('at %d with %d degrees of freedom, shifted by %d', (t, dof, shift, expected) =>
    expectClose(noncentralTCdf(t, dof, shift), expected, 1e-8),
  );

  it('is Student’s t without a shift, and next to it with next to none', () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: 20, noNaN: true }), degrees, (t, dof) => {
        expect(noncentralTCdf(t, dof, 0)).toBe(tCdf(t, dof));
        expect(noncentralTCdf(t, dof, 1e-9)).toBeCloseTo(tCdf(t, dof), 8);
      }),
    );
  });

  it('keeps its digits for shifts so small that weights vanish', () => {
    for (const shift of [1e-3, 1e-5, 1e-8, 1e-20, 1e-40])
      for (const t of [-3, 1e-7, 0.5, 30])
        expectClose(
          noncentralTCdf(t, 8, -shift) + noncentralTCdf(t, 8, shift),
          2 * tCdf(t, 8),
          1e-9 + shift ** 2 * 1e3,
        );
  });

  it('falls as the shift grows, and stays a chance', () => {
    const shift = fc.double({ min: -60, max: 60, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: -60, max: 60, noNaN: true }),
        degrees,
        shift,
        shift,
        (t, dof, one, other) => {
          const [less, more] = [Math.min(one, other), Math.max(one, other)];
          const [high, low] = [noncentralTCdf(t, dof, less), noncentralTCdf(t, dof, more)];
          expect(high).toBeGreaterThanOrEqual(low - 1e-10);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
