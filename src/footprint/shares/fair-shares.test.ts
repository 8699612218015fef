import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rows } from '../rows/rows.js';
import { accountGame } from './account-game.js';
import { shareCourse } from './course.js';
import { exactShapley } from './exact-shapley.js';
import { type FairShares, fairShares } from './fair-shares.js';
import { FootprintKind, footprintTotals } from './kind.js';
import { randomEnergies, randomMeasurements, randomRows } from './testing/random-energies.js';
import type { TickEnergies } from './tick-energies.js';

const shape = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  functions: fc.integer({ min: 1, max: 12 }),
  ticks: fc.integer({ min: 1, max: 60 }),
  density: fc.constantFrom(0.02, 0.3, 0.9),
  principals: fc.constantFrom([], ['control-plane', 'os', 'wattloop']),
});
const windowSeconds = fc.constantFrom(1, 7, 60, 1e9);

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
const size = (values: Iterable<number>): number => sum([...values].map(Math.abs));

/** All that the sums of a random account are made of, by size: what 1e-9 is relative to. */
function scaleOf(energies: TickEnergies): number {
  const { workJoules, floorJoules, controlPlaneJoules, idleJoules, measuredJoules = [] } = energies;
  const measured = [...measuredJoules].filter((joules) => !Number.isNaN(joules));
  return [workJoules, floorJoules, controlPlaneJoules, idleJoules, measured]
    .map(size)
    .reduce((a, b) => a + b, 0);
}

function expectConserved(energies: TickEnergies, shares: FairShares): void {
  const { sums, unattributed } = shares;
  const parts = sums.individualJoules + sums.controlPlaneJoules + sums.idleJoules + sums.unattributedJoules;
  const tolerance = 1e-12 * scaleOf(energies);
  expect(Math.abs(parts - sums.measuredJoules)).toBeLessThanOrEqual(tolerance);
  const byFunction = [shares.individualJoules, shares.controlPlaneJoules, shares.idleJoules].map(sum);
  expect(Math.abs(sum(byFunction) + sums.unattributedJoules - sums.measuredJoules)).toBeLessThanOrEqual(
    tolerance,
  );
  const course = sum(unattributed.courseJoules.filter((joules) => !Number.isNaN(joules)));
  expect(Math.abs(course - sums.unattributedJoules)).toBeLessThanOrEqual(tolerance);
}

/** A trace of one function by hand: seconds and invocations by tick. */
function rowsOf(ticks: readonly (readonly [who: number, seconds: number, invocations: number])[][]): Rows {
  const entries = ticks.flat();
  return {
    start: 0,
    tickSeconds: 1,
    count: ticks.length,
    columns: ['a', 'b', 'c', 'control-plane'],
    functionCount: 3,
    rowStart: Uint32Array.from([0, ...ticks.map((_, i) => ticks.slice(0, i + 1).flat().length)]),
    column: Uint32Array.from(entries, ([who]) => who),
    seconds: Float64Array.from(entries, ([, seconds]) => seconds),
    activations: Uint32Array.from(entries, ([, , invocations]) => invocations),
  };
}

const energiesOf = (rows: Rows, each: Partial<Record<'work' | 'floor' | 'control' | 'idle', number>>) => ({
  rows,
  workJoules: new Float64Array(rows.column.length).fill(each.work ?? 0),
  floorJoules: new Float64Array(rows.count).fill(each.floor ?? 0),
  controlPlaneJoules: new Float64Array(rows.count).fill(each.control ?? 0),
  idleJoules: new Float64Array(rows.count).fill(each.idle ?? 0),
});

describe('fairShares', () => {
  it('loses and makes no joule, whatever it is given', () => {
    fc.assert(
      fc.property(shape, windowSeconds, fc.boolean(), (random, window, isMeasured) => {
        const rows = randomRows(random);
        const energies = {
          ...randomEnergies(rows, random.seed),
          ...(isMeasured && { measuredJoules: randomMeasurements(rows.count, random.seed) }),
        };
        expectConserved(energies, fairShares(energies, { windowSeconds: window }));
      }),
      { numRuns: 300 },
    );
  });

  it('conserves embodied grams as it does joules', () => {
    fc.assert(
      fc.property(shape, windowSeconds, (random, window) => {
        const energies = randomEnergies(randomRows(random), random.seed);
        const shares = fairShares(energies, { windowSeconds: window });
        const total = sum(energies.embodiedGrams ?? []);
        const shared = sum(shares.embodiedGrams ?? []) + (shares.unattributedGrams ?? Number.NaN);
        expect(shared / (total || 1)).toBeCloseTo(total === 0 ? 0 : 1, 11);
      }),
    );
  });

  it('gives each function its Shapley value in the game of the account', () => {
    fc.assert(
      fc.property(shape, windowSeconds, (random, window) => {
        const functions = Math.min(random.functions, 6);
        const energies = randomEnergies(randomRows({ ...random, functions, ticks: 12 }), random.seed);
        const options = { windowSeconds: window };
        const shares = footprintTotals(fairShares(energies, options), FootprintKind.shapley);
        const shapley = exactShapley(functions, accountGame(energies, options));
        shapley.forEach((joules, i) => {
          expect(shares.joules[i]).toBeCloseTo(joules, 9 - Math.ceil(Math.log10(1 + scaleOf(energies))));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('gives nothing to a function that was never there, and the same to two that did the same', () => {
    fc.assert(
      fc.property(shape, windowSeconds, (random, window) => {
        const rows = randomRows({ ...random, functions: 4, principals: [] });
        const twins = rows.column.map((who) => (who === 1 ? 0 : who));
        // Functions 0 and 1 become one another's twins: where one has an entry, the other has an equal one; 3 leaves.
        const ticks = Array.from({ length: rows.count }, (_, tick) => {
          const entries = [...rows.column.keys()]
            .filter((at) => at >= (rows.rowStart[tick] ?? 0) && at < (rows.rowStart[tick + 1] ?? 0))
            .filter((at) => rows.column[at] !== 1 && rows.column[at] !== 3)
            .map((at) => [twins[at] ?? 0, rows.seconds[at] ?? 0, rows.activations[at] ?? 0] as const);
          return entries.flatMap(([who, ...rest]) =>
            who === 0 ? [[0, ...rest] as const, [1, ...rest] as const] : [[who, ...rest] as const],
          );
        });
        const twinned = { ...rowsOf(ticks), columns: ['a', 'b', 'c', 'd'], functionCount: 4 };
        const made = randomEnergies(twinned, random.seed);
        const workJoules = made.workJoules.map((joules, at) =>
          twinned.column[at] === 1 ? (made.workJoules[at - 1] ?? 0) : joules,
        );
        const shares = fairShares({ ...made, workJoules }, { windowSeconds: window });
        for (const part of [
          shares.individualJoules,
          shares.floorJoules,
          shares.controlPlaneJoules,
          shares.idleJoules,
        ]) {
          expect(part[1]).toBeCloseTo(part[0] ?? Number.NaN, 8);
          expect(part[3]).toBe(0);
        }
      }),
    );
  });

  it('is linear: shares of a sum of energies are the sums of their shares', () => {
    fc.assert(
      fc.property(
        shape,
        windowSeconds,
        fc.double({ min: -3, max: 3, noNaN: true }),
        (random, window, factor) => {
          const rows = randomRows(random);
          const [x, y] = [randomEnergies(rows, random.seed), randomEnergies(rows, random.seed + 1)];
          const mix = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + factor * (b[i] ?? 0));
          const both: TickEnergies = {
            rows,
            workJoules: mix(x.workJoules, y.workJoules),
            floorJoules: mix(x.floorJoules, y.floorJoules),
            controlPlaneJoules: mix(x.controlPlaneJoules, y.controlPlaneJoules),
            idleJoules: mix(x.idleJoules, y.idleJoules),
          };
          const totals = [both, x, y].map(
            (energies) => footprintTotals(fairShares(energies, { windowSeconds: window }), 'shapley').joules,
          );
          const tolerance = 1e-12 * (scaleOf(x) + 3 * scaleOf(y));
          totals[0]?.forEach((joules, i) => {
            const parts = (totals[1]?.[i] ?? 0) + factor * (totals[2]?.[i] ?? 0);
            expect(Math.abs(joules - parts)).toBeLessThanOrEqual(tolerance);
          });
        },
      ),
    );
  });

  it('shares idle evenly among those active in the window, and leaves that of an empty window to nobody', () => {
    const rows = rowsOf([[[0, 0.5, 1]], [], [[1, 0.1, 9]], [], [], []]);
    const shares = fairShares(energiesOf(rows, { idle: 10 }), { windowSeconds: 3 });
    expect([...shares.idleJoules]).toEqual([15, 15, 0]);
    expect(shares.unattributed.idleJoules).toBe(30);
    expect([...shares.unattributed.courseJoules]).toEqual([0, 0, 0, 10, 10, 10]);
  });

  it('shares the control plane by invocations, and evenly where functions ran on without any', () => {
    const rows = rowsOf([
      [
        [0, 0.5, 1],
        [1, 0.5, 3],
      ],
      [
        [0, 1, 0],
        [2, 1, 0],
      ],
    ]);
    const shares = fairShares(energiesOf(rows, { control: 8 }), { windowSeconds: 1 });
    expect([...shares.controlPlaneJoules]).toEqual([2 + 4, 6, 4]);
  });

  it("counts shared principals' own work as the control plane's, and tells it beside", () => {
    const rows = rowsOf([
      [
        [0, 0.5, 1],
        [3, 0.2, 0],
      ],
    ]);
    const shares = fairShares(energiesOf(rows, { work: 7, control: 2 }));
    expect([...shares.individualJoules]).toEqual([7, 0, 0]);
    expect([...shares.controlPlaneJoules]).toEqual([9, 0, 0]);
    expect([...shares.principalJoules]).toEqual([7]);
  });

  it('shares the floor by presence, as part of what is individual', () => {
    const rows = rowsOf([
      [
        [0, 5, 1],
        [1, 0.01, 1],
      ],
      [
        [0, 1, 0],
        [1, 2, 0],
      ],
      [],
    ]);
    const shares = fairShares(energiesOf(rows, { floor: 60, work: 1 }));
    expect(shares.floorJoules[1]).toBeCloseTo(0.3 + 30, 10);
    expect(shares.individualJoules[0]).toBeCloseTo(59.7 + 30 + 2, 10);
    expect(shares.unattributed.floorJoules).toBe(60);
  });

  it('says what was measured and is in no part, and leaves ticks without a measurement out', () => {
    const rows = rowsOf([[[0, 1, 1]], [[0, 1, 0]], [[0, 1, 0]]]);
    const measuredJoules = Float64Array.of(25, Number.NaN, 12);
    const shares = fairShares({ ...energiesOf(rows, { work: 10, idle: 5 }), measuredJoules });
    expect(shares.sums).toEqual({
      measuredJoules: 37,
      individualJoules: 20,
      controlPlaneJoules: 0,
      idleJoules: 10,
      unattributedJoules: 7,
    });
    expect([...shares.unattributed.courseJoules]).toEqual([10, Number.NaN, -3]);
    expect([...shares.entryJoules]).toEqual([10, Number.NaN, 10]);
    expect(shares.unmeasuredTicks).toBe(1);
  });

  it('copes with a trace without ticks or functions', () => {
    const empty = { ...rowsOf([]), columns: [], functionCount: 0 };
    expect(fairShares(energiesOf(empty, {})).sums.measuredJoules).toBe(0);
    const nobody = { ...rowsOf([[], []]), columns: [], functionCount: 0 };
    expect(fairShares(energiesOf(nobody, { idle: 3 })).sums.unattributedJoules).toBe(6);
  });

  it('refuses what is no energy, and says where', () => {
    const rows = rowsOf([[[0, 1, 1]], []]);
    const good = energiesOf(rows, { idle: 3 });
    expect(() => fairShares({ ...good, idleJoules: Float64Array.of(1, Number.NaN) })).toThrow(
      'idleJoules[1] is NaN',
    );
    expect(() =>
      fairShares({ ...good, measuredJoules: Float64Array.of(Number.POSITIVE_INFINITY, 0) }),
    ).toThrow('measuredJoules[0] is Infinity');
    expect(() => fairShares({ ...good, floorJoules: new Float64Array(3) })).toThrow(
      'floorJoules has 3 figures',
    );
    expect(() => fairShares(good, { windowSeconds: 0 })).toThrow('a window of 0 s');
  });
});

describe('shareCourse', () => {
  it('makes up what was measured in every tick, and the totals over all of them, for every kind', () => {
    fc.assert(
      fc.property(
        shape,
        windowSeconds,
        fc.constantFrom(...Object.values(FootprintKind)),
        (random, window, kind) => {
          const rows = randomRows(random);
          const measuredJoules = randomMeasurements(rows.count, random.seed);
          const energies = { ...randomEnergies(rows, random.seed), measuredJoules };
          const shares = fairShares(energies, { windowSeconds: window });
          const course = shareCourse(energies, shares, kind);
          const totals = footprintTotals(shares, kind);
          const tolerance = 1e-12 * scaleOf(energies);
          measuredJoules.forEach((joules, tick) => {
            const functions = sum(course.functionJoules.map((own) => own[tick] ?? Number.NaN));
            const parts =
              functions + (course.leftOutJoules[tick] ?? 0) + (course.unattributedJoules[tick] ?? 0);
            if (Number.isNaN(joules)) expect(parts).toBeNaN();
            else expect(Math.abs(parts - joules)).toBeLessThanOrEqual(tolerance);
          });
          course.functionJoules.forEach((own, i) => {
            const whole = sum(own.filter((joules) => !Number.isNaN(joules)));
            expect(Math.abs(whole - (totals.joules[i] ?? Number.NaN))).toBeLessThanOrEqual(tolerance);
          });
        },
      ),
    );
  });
});
