import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compensatedSum } from './compensated-sum.js';
import { fairShares } from './fair-shares.js';
import { contentsOf, FootprintKind, footprintKind, footprintTotals, totalJoules } from './kind.js';
import { randomEnergies, randomRows } from './testing/random-energies.js';

const parts = { individualJoules: 100, floorJoules: 30, controlPlaneJoules: 7, idleJoules: 11 };

describe('footprint kinds', () => {
  it('contain what they say', () => {
    const totals = Object.values(FootprintKind).map((kind) => [kind, totalJoules(kind, parts)]);
    expect(Object.fromEntries(totals)).toEqual({
      work: 70,
      individual: 100,
      'individual+control_plane': 107,
      'individual+idle': 111,
      operational: 118,
      shapley: 118,
    });
    expect(contentsOf('operational').embodied).toBe(false);
    expect(contentsOf('shapley').embodied).toBe(true);
  });

  it('are known by their names', () => {
    expect(footprintKind('individual+idle')).toBe(FootprintKind.individualAndIdle);
    expect(() => footprintKind('toString')).toThrow('there is no footprint of the kind "toString"');
  });

  it('make up the measured energy with what they leave out', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(...Object.values(FootprintKind)), (seed, kind) => {
        const rows = randomRows({ seed, functions: 5, ticks: 30, principals: ['control-plane'] });
        const shares = fairShares(randomEnergies(rows, seed), { windowSeconds: 10 });
        const totals = footprintTotals(shares, kind);
        const whole = compensatedSum(totals.joules) + totals.leftOutJoules + totals.unattributedJoules;
        expect(whole / shares.sums.measuredJoules).toBeCloseTo(1, 12);
        expect(totals.embodiedGrams).toEqual(kind === 'shapley' ? shares.embodiedGrams : undefined);
      }),
    );
  });
});
