import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { exactShapley } from './exact-shapley.js';
import { floorGame } from './games.js';
import { presenceShares } from './presence.js';
import { gaussLegendre } from './quadrature.js';

const part = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 1e-9, max: 1, noNaN: true }));

describe('presenceShares', () => {
  it('are the Shapley values of the floor', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 9 }), (presence) => {
        if (presence.every((p) => p === 0)) return;
        const shapley = exactShapley(presence.length, floorGame(1, presence));
        const shares = presenceShares(Float64Array.from(presence));
        shapley.forEach((share, i) => {
          expect(shares[i]).toBeCloseTo(share, 10);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('stay Shapley values among hundreds', () => {
    for (const count of [33, 400]) {
      const random = seededRandom(count);
      const presence = Float64Array.from({ length: count }, () => random.uniform() ** 2);
      const shares = presenceShares(presence);
      const fine = byManySteps(presence);
      shares.forEach((share, i) => {
        expect(Math.abs(share - (fine[i] ?? 0))).toBeLessThan(1e-6 * (fine[i] ?? 0));
      });
    }
  });

  it('make up 1, and are even among equals', () => {
    expect([...presenceShares(Float64Array.of(1, 1, 1, 1))]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect([...presenceShares(Float64Array.of(0, 0))]).toEqual([0.5, 0.5]);
    expect([...presenceShares(Float64Array.of(0, 0.3))]).toEqual([0, 1]);
    expect(presenceShares(new Float64Array(0))).toHaveLength(0);
    const rare = presenceShares(Float64Array.of(1e-6, 3e-6));
    expect(rare[1]).toBeCloseTo(0.75, 5);
  });
});

describe('gaussLegendre', () => {
  it('integrates polynomials exactly', () => {
    for (const count of [1, 2, 5, 12, 16]) {
      const { nodes, weights } = gaussLegendre(count);
      for (let degree = 0; degree < 2 * count; degree++) {
        const integral = nodes.reduce((sum, x, i) => sum + (weights[i] ?? 0) * x ** degree, 0);
        expect(integral).toBeCloseTo(1 / (degree + 1), 13);
      }
    }
  });
});

/** The same integral by Simpson's rule with so many steps that nothing is left to doubt. */
function byManySteps(presence: Float64Array): Float64Array {
  const steps = 20_000;
  const shares = new Float64Array(presence.length);
  for (let k = 0; k <= steps; k++) {
    // Steps crowd near 0, where the integrand is steep.
    const u = k / steps;
    const q = u ** 3;
    const weight = (k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2) * 3 * u ** 2;
    let log = 0;
    for (const p of presence) log += Math.log1p(-Math.min(q, 1 - 1e-12) * p);
    if (log < -60) break;
    const nobody = weight * Math.exp(log);
    presence.forEach((p, i) => {
      shares[i] = (shares[i] ?? 0) + (p * nobody) / (1 - Math.min(q, 1 - 1e-12) * p);
    });
  }
  const total = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / total);
}
