import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { compareWithShapley } from './compare.js';
import type { Curve } from './curve-integral.js';
import { curveShares, curveSharesByTick } from './curve-shares.js';
import { exactShapley } from './exact-shapley.js';
import { curveGame } from './games.js';
import { sampledShapley } from './sampled-shapley.js';
import { randomRows } from './testing/random-energies.js';

/** Power over the machine's load, full at 2: smooth, with a floor, steep at first, flat once full. */
const CURVES: Readonly<Record<string, Curve>> = {
  saturating: (load) => 120 * (1 - Math.exp(-load)),
  'floor and power': (load) => (load > 0 ? 60 + 40 * load ** 0.75 : 0),
  'steep root': (load) => 90 * Math.sqrt(load),
  'flat when full': (load) => 80 * Math.min(load, 1.2),
};

/** Loads that make up 2: alike, or a few large ones among many small. */
function loadsOf(seed: number, count: number, spread: number): number[] {
  const random = seededRandom(seed);
  const loads = Array.from({ length: count }, () => Math.exp(spread * random.normal()));
  const total = loads.reduce((a, b) => a + b, 0);
  return loads.map((load) => (2 * load) / total);
}

const everyShape = fc.record({
  seed: fc.nat(1e6),
  count: fc.integer({ min: 2, max: 40 }),
  spread: fc.constantFrom(0, 0.5, 1.5),
  curve: fc.constantFrom(...Object.values(CURVES)),
});

const misplacedIn = (loads: readonly number[], shares: ArrayLike<number>, curve: Curve): number =>
  compareWithShapley(shares, curveGame(loads, curve), { random: seededRandom(1) }).misplaced;

describe('curveShares', () => {
  it('make up the whole exactly', () => {
    fc.assert(
      fc.property(everyShape, ({ seed, count, spread, curve }) => {
        const loads = loadsOf(seed, count, spread);
        const whole = curve(loads.reduce((a, b) => a + b, 0)) - curve(0);
        const sum = curveShares(loads, curve).reduce((a, b) => a + b, 0);
        expect(sum / whole).toBeCloseTo(1, 13);
      }),
    );
  });

  it('give nothing to functions without load, and the same to equal loads', () => {
    fc.assert(
      fc.property(everyShape, ({ seed, count, spread, curve }) => {
        const loads = [0, ...loadsOf(seed, count, spread)];
        loads.push(loads[1] ?? 0);
        const shares = curveShares(loads, curve);
        expect(shares[0]).toBe(0);
        expect(shares.at(-1)).toBeCloseTo(shares[1] ?? Number.NaN, 10);
      }),
    );
  });

  it('are linear in the curve', () => {
    fc.assert(
      fc.property(
        everyShape,
        fc.constantFrom(...Object.values(CURVES)),
        ({ seed, count, spread, curve }, other) => {
          const loads = loadsOf(seed, count, spread);
          const both = curveShares(loads, (load) => curve(load) - 0.4 * other(load));
          const [first, second] = [curveShares(loads, curve), curveShares(loads, other)];
          both.forEach((share, i) => {
            expect(share).toBeCloseTo((first[i] ?? 0) - 0.4 * (second[i] ?? 0), 9);
          });
        },
      ),
    );
  });

  it('are the Shapley values where they are enumerated, and for two and three functions however they are found', () => {
    for (const curve of Object.values(CURVES)) {
      for (const [count, exactPlayers] of [
        [8, 8],
        [2, 0],
        [3, 0],
      ] as const) {
        const loads = loadsOf(count, count, 1);
        const shapley = exactShapley(count, curveGame(loads, curve));
        curveShares(loads, curve, { exactPlayers }).forEach((share, i) => {
          expect(share).toBeCloseTo(shapley[i] ?? Number.NaN, 9);
        });
      }
    }
  });

  it('are exact for polynomials up to the sixth degree however they are found', () => {
    const polynomial: Curve = (load) =>
      3 * load - load ** 2 + 0.4 * load ** 3 - 0.1 * load ** 5 + 0.03 * load ** 6;
    const loads = loadsOf(8, 11, 1.5);
    const shapley = exactShapley(11, curveGame(loads, polynomial));
    curveShares(loads, polynomial, { exactPlayers: 0 }).forEach((share, i) => {
      expect(share).toBeCloseTo(shapley[i] ?? Number.NaN, 9);
    });
  });

  // Most that may be misplaced: of loads alike, and of loads among which a few are large.
  it.each([
    ['saturating', 1e-5, 1e-5],
    ['floor and power', 1e-3, 3e-3],
    ['steep root', 5e-3, 0.02],
    ['flat when full', 0.02, 0.02],
  ] as const)('come near the Shapley values without enumerating: %s', (name, alike, unlike) => {
    const curve = CURVES[name];
    if (curve === undefined) throw new Error(`no curve ${name}`);
    for (const [spread, most] of [
      [0.5, alike],
      [1.5, unlike],
    ] as const) {
      for (let seed = 0; seed < 10; seed++) {
        const loads = loadsOf(seed, 5 + (seed % 8), spread);
        const misplaced = misplacedIn(loads, curveShares(loads, curve, { exactPlayers: 0 }), curve);
        expect(misplaced).toBeLessThan(most);
      }
    }
  });

  it('come nearer than proportion does', () => {
    for (const name of ['saturating', 'floor and power', 'steep root']) {
      const curve = CURVES[name] ?? Number;
      const loads = loadsOf(4, 12, 1.5);
      const inProportion = loads.map((load) => ((curve(2) - curve(0)) * load) / 2);
      const fast = curveShares(loads, curve, { exactPlayers: 0 });
      expect(misplacedIn(loads, fast, curve)).toBeLessThan(misplacedIn(loads, inProportion, curve) / 5);
    }
  });

  it('agree with sampling for hundreds of functions', () => {
    const curve = CURVES['floor and power'];
    if (curve === undefined) throw new Error('no such curve');
    const loads = loadsOf(11, 200, 1);
    const { values, standardErrors } = sampledShapley(200, curveGame(loads, curve), {
      random: seededRandom(2),
      permutations: 3200,
    });
    const shares = curveShares(loads, curve);
    const scores = [...values].map((value, i) => (value - (shares[i] ?? 0)) / (standardErrors[i] ?? 0));
    expect(Math.sqrt(scores.reduce((sum, z) => sum + z * z, 0) / 200)).toBeLessThan(1.3);
  });

  it('share a floor evenly, however small some loads are', () => {
    for (const count of [5, 12, 40, 300]) {
      const shares = curveShares(loadsOf(count, count, 6), (load) => (load > 0 ? count : 0));
      for (const share of shares) expect(share).toBeCloseTo(1, 9);
    }
  });

  it('share nothing among nobody, and refuse loads that are none', () => {
    expect([...curveShares([], () => 5)]).toEqual([]);
    expect([...curveShares([0, 0], (load) => 5 + load)]).toEqual([0, 0]);
    expect([...curveShares([3], (load) => 5 + load)]).toEqual([3]);
    expect(() => curveShares([1, -1], Math.sqrt)).toThrow('load 1 is -1');
    expect(() => curveShares([Number.NaN], Math.sqrt)).toThrow('load 0 is NaN');
  });
});

describe('a floor shared evenly and the rest in proportion to load, as the account of a straight line does', () => {
  it('are the Shapley values of a floor and a straight line', () => {
    const loads = loadsOf(3, 10, 1.5);
    const shares = loads.map((load) => 60 / 10 + 20 * load);
    expect(misplacedIn(loads, shares, (load) => (load > 0 ? 60 + 20 * load : 0))).toBeLessThan(1e-12);
  });

  it('come near them where the rest is concave, as shares without a floor do not', () => {
    const concave: Curve = (load) => (load > 0 ? 60 + 40 * (load / 2) ** 0.75 : 0);
    for (let seed = 0; seed < 10; seed++) {
      const loads = loadsOf(seed, 10, 1);
      const withFloor = loads.map((load) => 60 / 10 + 20 * load);
      const inProportion = loads.map((load) => 50 * load);
      expect(misplacedIn(loads, withFloor, concave)).toBeLessThan(0.015);
      expect(misplacedIn(loads, inProportion, concave)).toBeGreaterThan(0.1);
    }
  });
});

describe('curveSharesByTick', () => {
  it('shares each tick for itself', () => {
    const rows = randomRows({ seed: 5, functions: 20, ticks: 30, density: 0.6 });
    const curve: Curve = (load) => Math.log1p(load);
    const shares = curveSharesByTick(rows, rows.seconds, curve);
    for (let tick = 0; tick < rows.count; tick++) {
      const [from, to] = [rows.rowStart[tick] ?? 0, rows.rowStart[tick + 1] ?? 0];
      const load = rows.seconds.subarray(from, to).reduce((a, b) => a + b, 0);
      expect(shares.subarray(from, to).reduce((a, b) => a + b, 0)).toBeCloseTo(Math.log1p(load), 12);
    }
  });
});

describe('compareWithShapley', () => {
  it('tells what is misplaced', () => {
    const comparison = compareWithShapley([3, 1], (group) => (group[0] ?? 0) + 3 * (group[1] ?? 0), {
      random: seededRandom(1),
    });
    expect([...comparison.shapley]).toEqual([1, 3]);
    expect([...comparison.differences]).toEqual([2, -2]);
    expect(comparison.misplaced).toBe(0.5);
    expect(comparison.largestRelative).toBe(2);
    expect(comparison.standardErrors).toBeUndefined();
  });

  it('has no relative difference where a null player has a share', () => {
    const comparison = compareWithShapley([1, 1], (group) => 2 * (group[0] ?? 0), {
      random: seededRandom(1),
    });
    expect(comparison.largestRelative).toBeUndefined();
    expect(comparison.misplaced).toBe(0.5);
  });

  it('samples a crowd, and states errors', () => {
    const loads = Array.from({ length: 30 }, (_, i) => i / 10);
    const curve: Curve = (load) => load ** 0.7;
    const comparison = compareWithShapley(curveShares(loads, curve), curveGame(loads, curve), {
      random: seededRandom(1),
      ranges: loads.map((load) => load ** 0.7),
    });
    expect(comparison.standardErrors).toHaveLength(30);
    expect(comparison.bounds).toHaveLength(30);
    expect(comparison.misplaced).toBeLessThan(0.005);
  });
});
