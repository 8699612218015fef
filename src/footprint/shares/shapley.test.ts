import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { exactShapley } from './exact-shapley.js';
import {
  anyoneGame,
  type CoalitionValue,
  curveGame,
  floorGame,
  invocationsGame,
  sumOfGames,
  workGame,
} from './games.js';
import { type SamplingOptions, sampledShapley } from './sampled-shapley.js';

/** A game without any structure: every coalition has a value of its own, and nobody at all has one too. */
function wildGame(seed: number): CoalitionValue {
  return (coalition) => {
    let [text, any] = ['', false];
    for (let i = 0; i < coalition.length; i++) {
      text += coalition[i];
      any ||= coalition[i] === 1;
    }
    return any ? 100 * seededRandom(seed).fork(text).uniform() : 3;
  };
}

const everyone = (players: number) => new Uint8Array(players).fill(1);
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);
const sampling = (seed: number, options: Partial<SamplingOptions> = {}): SamplingOptions => ({
  random: seededRandom(seed),
  permutations: 64,
  ...options,
});
const games = fc.record({ players: fc.integer({ min: 1, max: 7 }), seed: fc.nat(1e6) });

/** A game in which `player` changes nothing. */
const without =
  (value: CoalitionValue, player: number): CoalitionValue =>
  (coalition) =>
    value(Uint8Array.from(coalition, (member, i) => (i === player ? 0 : member)));

/** A game that can't tell players 0 and 1 apart. */
const blindTo01 =
  (value: CoalitionValue): CoalitionValue =>
  (coalition) =>
    value(
      Uint8Array.from(coalition, (member, i) =>
        i === 0 ? Math.max(member, coalition[1] ?? 0) : i === 1 ? 0 : member,
      ),
    );

const methods = {
  exact: (players: number, value: CoalitionValue) => exactShapley(players, value),
  sampled: (players: number, value: CoalitionValue) => sampledShapley(players, value, sampling(7)).values,
};

describe.each(Object.entries(methods))('%s Shapley values', (name, shapley) => {
  it('are efficient: they make up what all together cause', () => {
    fc.assert(
      fc.property(games, ({ players, seed }) => {
        const value = wildGame(seed);
        expect(sum(shapley(players, value))).toBeCloseTo(value(everyone(players)) - 3, 9);
      }),
    );
  });

  it('give nothing to a null player', () => {
    fc.assert(
      fc.property(games, ({ players, seed }) => {
        expect(shapley(players, without(wildGame(seed), players - 1))[players - 1]).toBe(0);
      }),
    );
  });

  it('are linear in the game', () => {
    fc.assert(
      fc.property(games, fc.double({ min: -5, max: 5, noNaN: true }), ({ players, seed }, factor) => {
        const [x, y] = [wildGame(seed), wildGame(seed + 1)];
        const both = shapley(players, (coalition) => x(coalition) + factor * y(coalition));
        const [ofX, ofY] = [shapley(players, x), shapley(players, y)];
        both.forEach((joules, i) => {
          expect(joules).toBeCloseTo((ofX[i] ?? 0) + factor * (ofY[i] ?? 0), 8);
        });
      }),
    );
  });

  it('are symmetric', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 7 }), fc.nat(1e6), (players, seed) => {
        const value = blindTo01(wildGame(seed));
        if (name === 'exact') {
          const [a = Number.NaN, b] = shapley(players, value);
          expect(b).toBeCloseTo(a, 9);
          return;
        }
        const { values, bounds } = sampledShapley(players, value, {
          ...sampling(seed, { confidence: 0.999999 }),
          ranges: new Float64Array(players).fill(200),
        });
        const apart = Math.abs((values[0] ?? 0) - (values[1] ?? 0));
        expect(apart).toBeLessThanOrEqual((bounds?.[0] ?? 0) + (bounds?.[1] ?? 0));
      }),
    );
  });
});

describe('exactShapley', () => {
  it('solves games whose solution is known', () => {
    // Two gloves on one side, one on the other: a pair is worth 1.
    const gloves: CoalitionValue = (hand) => (hand[0] === 1 && (hand[1] === 1 || hand[2] === 1) ? 1 : 0);
    const shares = [...exactShapley(3, gloves)];
    for (const [i, share] of [2 / 3, 1 / 6, 1 / 6].entries()) expect(shares[i]).toBeCloseTo(share, 15);
    // The runway: who needs the longest pays alone for what nobody else needs.
    const lengths = [1, 2, 4];
    const runway: CoalitionValue = (coalition) =>
      Math.max(0, ...lengths.map((length, i) => length * (coalition[i] ?? 0)));
    expect([...exactShapley(3, runway)].map((share) => Number(share.toFixed(12)))).toEqual([
      Number((1 / 3).toFixed(12)),
      Number((1 / 3 + 1 / 2).toFixed(12)),
      Number((1 / 3 + 1 / 2 + 2).toFixed(12)),
    ]);
  });

  it('values each coalition once', () => {
    let calls = 0;
    exactShapley(12, () => calls++);
    expect(calls).toBe(4096);
  });

  it('knows nobody, and refuses a crowd', () => {
    expect([...exactShapley(0, () => 5)]).toEqual([]);
    expect(() => exactShapley(21, () => 0)).toThrow('21 players make too many coalitions');
  });

  it('finds the rule of each part of the account', () => {
    const joules = (values: Float64Array) => [...values].map((value) => Number(value.toFixed(12)));
    expect(joules(exactShapley(3, workGame([4, 0, 2])))).toEqual([4, 0, 2]);
    expect(joules(exactShapley(3, anyoneGame(12, [1, 0, 3])))).toEqual([6, 0, 6]);
    expect(joules(exactShapley(3, invocationsGame(12, [1, 0, 3])))).toEqual([3, 0, 9]);
    expect(joules(exactShapley(2, floorGame(60, [1, 0.01])))).toEqual([59.7, 0.3]);
    expect(
      joules(
        exactShapley(
          2,
          curveGame([1, 3], (load) => load ** 2),
        ),
      ),
    ).toEqual([4, 12]);
    expect(joules(exactShapley(2, floorGame(60, [0, 0])))).toEqual([0, 0]);
    expect(joules(exactShapley(2, invocationsGame(60, [0, 0])))).toEqual([0, 0]);
    expect(joules(exactShapley(2, sumOfGames(workGame([1, 2]), anyoneGame(4, [1, 1]))))).toEqual([3, 4]);
  });
});

describe('sampledShapley', () => {
  const loads = Array.from({ length: 10 }, (_, i) => 0.2 + (i % 4));
  const power = curveGame(loads, (load) => load ** 0.6 + (load > 0 ? 2 : 0));
  const truth = exactShapley(10, power);
  // The least a function adds is what it adds to all others, the most what it adds to none.
  const all = sum(loads);
  const ranges = loads.map((load) => load ** 0.6 + 2 - (all ** 0.6 - (all - load) ** 0.6));

  it('states standard errors that hold what it is off by', () => {
    const deviations = Array.from({ length: 100 }, (_, seed) => {
      const { values, standardErrors } = sampledShapley(
        10,
        wildGame(5),
        sampling(seed, { permutations: 320 }),
      );
      return values.map((value, i) => (value - (exact[i] ?? 0)) / (standardErrors[i] ?? 0));
    }).flatMap((row) => [...row]);
    const rms = Math.sqrt(sum(deviations.map((value) => value ** 2)) / deviations.length);
    expect(rms).toBeGreaterThan(0.8);
    expect(rms).toBeLessThan(1.25);
  });
  const exact = exactShapley(10, wildGame(5));

  it('states bounds that hold at least as often as they say', () => {
    let [outside, count] = [0, 0];
    for (let seed = 0; seed < 100; seed++) {
      const { values, bounds } = sampledShapley(10, power, sampling(seed, { ranges, confidence: 0.9 }));
      values.forEach((value, i) => {
        count++;
        outside += Number(Math.abs(value - (truth[i] ?? 0)) > (bounds?.[i] ?? 0));
      });
    }
    expect(outside / count).toBeLessThan(0.1);
  });

  it('has smaller bounds with more orders, where marginals hardly vary with fewer still', () => {
    const boundOf = (permutations: number, value: CoalitionValue) =>
      sampledShapley(10, value, sampling(1, { permutations, ranges })).bounds?.[0] ?? Number.NaN;
    expect(boundOf(4096, power)).toBeLessThan(boundOf(256, power) / 2);
    // Additive: no variance at all, so that Bernstein's bound falls with 1/n.
    expect(boundOf(65_536, workGame(loads))).toBeLessThan(boundOf(4096, workGame(loads)) / 10);
  });

  it('is more exact than as many orders that are independent', () => {
    const squares = (values: Float64Array) => sum(values.map((value, i) => (value - (truth[i] ?? 0)) ** 2));
    let [blocks, independent] = [0, 0];
    for (let seed = 0; seed < 30; seed++) {
      blocks += squares(sampledShapley(10, power, sampling(seed)).values);
      independent += squares(independentOrders(10, power, 64, seed));
    }
    expect(blocks).toBeLessThan(independent / 5);
  });

  it('stops as soon as the tolerance is reached, and says when it was not', () => {
    const options = { ranges, tolerance: 0.2, permutations: 1e6, confidence: 0.95 };
    const reached = sampledShapley(10, power, sampling(3, options));
    expect(reached.converged).toBe(true);
    expect(reached.permutations).toBeLessThan(1e6);
    for (const bound of reached.bounds ?? []) expect(bound).toBeLessThanOrEqual(0.2);
    const missed = sampledShapley(10, power, sampling(3, { ...options, permutations: 100 }));
    expect(missed.converged).toBe(false);
    expect(missed.permutations).toBeGreaterThanOrEqual(100);
    expect(missed.permutations).toBeLessThan(120);
    const byError = sampledShapley(10, power, sampling(3, { tolerance: 0.01, permutations: 1e6 }));
    for (const error of byError.standardErrors) expect(error).toBeLessThanOrEqual(0.01);
    expect(byError.bounds).toBeUndefined();
    expect(sampledShapley(10, power, sampling(3)).converged).toBeUndefined();
  });

  it('gives the same for the same seed, and makes up the whole for hundreds of players', () => {
    const many = Array.from({ length: 300 }, (_, i) => 1 + (i % 7));
    const value = curveGame(many, Math.sqrt);
    const once = sampledShapley(300, value, sampling(9));
    expect(once).toEqual(sampledShapley(300, value, sampling(9)));
    expect(sum(once.values)).toBeCloseTo(Math.sqrt(sum(many)), 10);
  });

  it('knows nobody and one alone, and refuses a confidence that is none', () => {
    expect([...sampledShapley(0, () => 5, sampling(1)).values]).toEqual([]);
    expect([...sampledShapley(1, (all) => (all[0] === 1 ? 5 : 1), sampling(1)).values]).toEqual([4]);
    expect(() => sampledShapley(1, () => 0, sampling(1, { confidence: 1 }))).toThrow('a confidence of 1');
  });
});

/** What the textbook does. */
function independentOrders(
  players: number,
  value: CoalitionValue,
  orders: number,
  seed: number,
): Float64Array {
  const random = seededRandom(seed);
  const sums = new Float64Array(players);
  for (let k = 0; k < orders; k++) {
    const order = Array.from({ length: players }, (_, i) => ({ i, at: random.uniform() })).sort(
      (a, b) => a.at - b.at,
    );
    const members = new Uint8Array(players);
    let before = value(members);
    for (const { i } of order) {
      members[i] = 1;
      const after = value(members);
      sums[i] = (sums[i] ?? 0) + (after - before) / orders;
      before = after;
    }
  }
  return sums;
}
