import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRows } from './build-rows.js';
import {
  anyTicks,
  entriesOf,
  type Run,
  readable,
  runsAround,
  secondsWithin,
  sum,
  tableOf,
} from './testing/rows.js';
import { edgeOf } from './ticks.js';

const seconds = { start: 0, tickSeconds: 1, count: 5 };
const FOREVER = Number.POSITIVE_INFINITY;

describe('buildRows', () => {
  it('tells who ran how long in each tick, and where it began', () => {
    const runs: Run[] = [
      ['a', 0.25, 0.75],
      ['b', 0.5, 3.5],
      ['a', 1, 2],
      ['a', 1.5, 2.5],
      ['c', 4, 4],
    ];
    const { rows, report } = buildRows(tableOf(runs), seconds);
    expect(readable(rows)).toEqual([
      'a 0.5s×1, b 0.5s×1',
      'a 1.5s×2, b 1s×0',
      'a 0.5s×0, b 1s×0',
      'b 0.5s×0',
      'c 0s×1',
    ]);
    expect(rows).toMatchObject({
      columns: ['a', 'b', 'c'],
      functionCount: 3,
      start: 0,
      tickSeconds: 1,
      count: 5,
    });
    expect(report).toMatchObject({ invocations: 5, overlapping: 1, zeroLength: 1, outOfOrder: 0, late: 0 });
  });

  it('counts only what is in the window of what reaches over its edges', () => {
    const runs: Run[] = [
      ['a', -2, 1.25],
      ['b', 3.5, FOREVER],
      ['c', -FOREVER, 3],
      ['d', -3, 0],
      ['d', 5, 6],
      ['d', -1, -1],
      ['a', 4.75, 9],
    ];
    const { rows, report } = buildRows(tableOf(runs), seconds);
    expect(readable(rows)).toEqual(['a 1s×0', 'a 0.25s×0', '', 'b 0.5s×1', 'a 0.25s×1, b 1s×0']);
    expect(report).toMatchObject({ invocations: 7, outside: 3, neverEnding: 1, invalid: 1, zeroLength: 0 });
  });

  it('leaves out times that are none', () => {
    const runs: Run[] = [
      ['a', Number.NaN, 1],
      ['a', 1, Number.NaN],
      ['a', 2, 1],
      ['a', 0, 1],
    ];
    const { rows, report } = buildRows(tableOf(runs), seconds);
    expect(readable(rows)).toEqual(['a 1s×1', '', '', '', '']);
    expect(report).toMatchObject({ invocations: 4, invalid: 3, outOfOrder: 0 });
  });

  it('adds columns of shared principals where they are known', () => {
    const shared = {
      names: ['os', 'control-plane'],
      shares: [Float64Array.of(0.5, 0), Float64Array.of(Number.NaN, 1)],
    };
    const { rows } = buildRows(tableOf([['os', 0, 1]]), { start: 0, tickSeconds: 2, count: 2 }, shared);
    expect(rows.columns).toEqual(['os', 'os', 'control-plane']);
    expect(rows.functionCount).toBe(1);
    expect([...rows.column]).toEqual([0, 1, 2]);
    expect([...rows.seconds]).toEqual([1, 1, 2]);
    expect([...rows.activations]).toEqual([1, 0, 0]);
  });

  it('keeps every second of the invocations that is in the window, and every start', () => {
    fc.assert(
      fc.property(
        anyTicks.chain((ticks) => fc.tuple(fc.constant(ticks), runsAround(ticks))),
        ([ticks, runs]) => {
          const { rows } = buildRows(tableOf(runs), ticks);
          const [from, to] = [ticks.start, edgeOf(ticks, ticks.count)];
          const expected = secondsWithin(runs, from, to);
          const slack = 1e-9 * expected + 1e-15 * Math.abs(to) * runs.length;
          expect(Math.abs(sum(rows.seconds) - expected)).toBeLessThanOrEqual(slack);
          expect(sum(rows.activations)).toBe(runs.filter(([, start]) => start >= from && start < to).length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives each tick what a plain count of that tick gives, in order of column and without empty entries', () => {
    fc.assert(
      fc.property(
        anyTicks.chain((ticks) => fc.tuple(fc.constant(ticks), runsAround(ticks))),
        ([ticks, runs]) => {
          const { rows } = buildRows(tableOf(runs), ticks);
          for (let row = 0; row < ticks.count; row++) {
            const [from, to] = [edgeOf(ticks, row), edgeOf(ticks, row + 1)];
            let before = -1;
            for (let at = rows.rowStart[row] ?? 0; at < (rows.rowStart[row + 1] ?? 0); at++) {
              const column = rows.column[at] ?? -1;
              expect(column).toBeGreaterThan(before);
              before = column;
              expect((rows.seconds[at] ?? 0) + (rows.activations[at] ?? 0)).toBeGreaterThan(0);
            }
            for (const name of ['a', 'b', 'c', 'd']) {
              const own = runs.filter(([each]) => each === name);
              const entry = entriesOf([rows]).get(`${row} ${name}`) ?? [0, 0];
              const slack = 1e-12 * (ticks.tickSeconds * own.length + Math.abs(to));
              expect(Math.abs(entry[0] - secondsWithin(own, from, to))).toBeLessThanOrEqual(slack);
              expect(entry[1]).toBe(own.filter(([, start]) => start >= from && start < to).length);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('counts overlaps as a look at all pairs does', () => {
    fc.assert(
      fc.property(runsAround(seconds), (runs) => {
        // Of two that begin together one began while the other ran.
        const sorted = runs.filter(([, start, end]) => end > start).sort((a, b) => a[1] - b[1]);
        const expected = sorted.filter(
          ([name, start], i) =>
            start >= 0 &&
            start < 5 &&
            sorted.slice(0, i).some(([other, , end]) => other === name && end > start),
        ).length;
        expect(buildRows(tableOf(runs), seconds).report.overlapping).toBe(expected);
      }),
    );
  });

  it('gives the same to the last bit in whatever order they come', () => {
    const shuffled = anyTicks.chain((ticks) =>
      runsAround(ticks).chain((runs) =>
        fc.tuple(
          fc.constant(ticks),
          fc.constant(runs),
          fc.shuffledSubarray(runs, { minLength: runs.length, maxLength: runs.length }),
        ),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([ticks, runs, others]) => {
        const [one, other] = [buildRows(tableOf(runs), ticks), buildRows(tableOf(others), ticks)];
        expect(entriesOf([one.rows])).toEqual(entriesOf([other.rows]));
        expect({ ...one.report, outOfOrder: 0 }).toEqual({ ...other.report, outOfOrder: 0 });
      }),
    );
  });

  it('adds up equal starts in the order of their ends', () => {
    const sumOf = (ends: readonly number[]): number =>
      sum(buildRows(tableOf(ends.map((end): Run => ['a', 0, end])), seconds).rows.seconds);
    expect(sumOf([0.3, 0.2, 0.1])).toBe(sumOf([0.1, 0.2, 0.3]));
  });

  it('keeps the few of many functions that ran in order of column', () => {
    const idle = Array.from({ length: 100 }, (_, i): Run => [`f${i}`, -2, -1]);
    const runs: Run[] = [...idle, ['f70', 0, 1], ['f3', 0.5, 1.5], ['f20', 0.75, 0.8]];
    const { rows } = buildRows(tableOf(runs), { start: 0, tickSeconds: 1, count: 2 });
    expect([...rows.column]).toEqual([3, 20, 70, 3]);
  });

  it('copes with many functions that run for a long time', () => {
    const functions = 3000;
    const runs = Array.from({ length: 60_000 }, (_, i): Run => [`f${i % functions}`, 0.5, 1000]);
    const table = { ...tableOf([]), functions: Array.from({ length: functions }, (_, i) => `f${i}`) };
    const invocations = {
      ...table,
      functionIndex: Uint32Array.from(runs, (_, i) => i % functions),
      start: Float64Array.from(runs, ([, start]) => start),
      end: Float64Array.from(runs, ([, , end]) => end),
    };
    const { rows, report } = buildRows(invocations, { start: 0, tickSeconds: 1, count: 200 });
    expect(rows.seconds).toHaveLength(200 * functions);
    expect(sum(rows.seconds)).toBeCloseTo(60_000 * 199.5, 4);
    expect(report.overlapping).toBe(60_000 - functions);
  });
});
