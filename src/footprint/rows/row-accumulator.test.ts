import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRows } from './build-rows.js';
import { RowAccumulator } from './row-accumulator.js';
import type { Rows } from './rows.js';
import { anyTicks, entriesOf, readable, runsAround, secondsWithin, sum, tableOf } from './testing/rows.js';
import { edgeOf } from './ticks.js';

const accumulator = (longestSeconds?: number): RowAccumulator =>
  new RowAccumulator({ start: 0, tickSeconds: 1, ...(longestSeconds !== undefined && { longestSeconds }) });

describe('RowAccumulator', () => {
  it('gives out each tick once, with what runs as far as it ran', () => {
    const rows = accumulator();
    rows.begin('a', 0.5, 1);
    const key = rows.begin('b', 1.25);
    expect(readable(rows.take(2))).toEqual(['a 0.5s×1', 'a 1s×0, b 0.75s×1']);
    expect(rows.report().neverEnding).toBe(2);
    expect(rows.finish(1, 2.25)).toBe(true);
    expect(rows.finish(key, 3)).toBe(true);
    rows.add('a', 3, 3.5);
    const later = rows.take(4);
    expect(later.start).toBe(2);
    expect(readable(later)).toEqual(['a 0.25s×0, b 1s×0', 'a 0.5s×1']);
    expect(rows.take(4).count).toBe(0);
    expect(rows.take(1).count).toBe(0);
    expect(rows.taken).toBe(4);
    expect(rows.report()).toMatchObject({
      invocations: 3,
      late: 0,
      lateSeconds: 0,
      neverEnding: 0,
      overlapping: 0,
    });
  });

  it('counts what comes too late, with its seconds, and keeps what is not too late of it', () => {
    const rows = accumulator();
    rows.take(3);
    rows.add('a', 0.5, 1);
    rows.add('a', 2.5, 3.25);
    rows.add('a', 1, 1);
    rows.begin('b', 2, 'x');
    expect(readable(rows.take(4))).toEqual(['a 0.25s×0, b 1s×0']);
    expect(rows.report()).toMatchObject({ late: 4, lateSeconds: 2, zeroLength: 1, outOfOrder: 2 });
  });

  it('counts seconds that were given out of what had ended by then', () => {
    const rows = accumulator();
    rows.begin('a', 0.5, 'a');
    rows.take(3);
    rows.begin('b', 2.5, 'b');
    rows.take(4);
    rows.finish('a', 1.25);
    rows.finish('b', 2.75);
    expect(readable(rows.take(5))).toEqual(['']);
    expect(rows.report()).toMatchObject({ surplusSeconds: 3.75, late: 1, lateSeconds: 0.25 });
  });

  it('takes ends that got lost for ends in the end', () => {
    const rows = accumulator(2);
    rows.begin('a', 0.5, 'a');
    rows.begin('b', 0.25, 'b');
    expect(readable(rows.take(2))).toEqual(['a 0.5s×1, b 0.75s×1', 'a 1s×0, b 1s×0']);
    // A key that is used again.
    rows.begin('b', 2, 'b');
    expect(readable(rows.take(4))).toEqual(['a 0.5s×0, b 1s×1', 'b 1s×0']);
    expect(rows.finish('a', 3)).toBe(false);
    expect(rows.report()).toMatchObject({ abandoned: 2, unmatched: 1, neverEnding: 1, surplusSeconds: 0 });
  });

  it('takes no harm from times that are none', () => {
    const rows = accumulator();
    rows.add('a', Number.NaN, 1);
    rows.add('a', 2, 1);
    rows.begin('a', Number.NaN, 'x');
    rows.begin('a', 1.5, 'y');
    expect(rows.finish('y', Number.NaN)).toBe(false);
    // The clock was set back meanwhile.
    expect(rows.finish('y', 1)).toBe(true);
    rows.add('a', -2, -1);
    expect(readable(rows.take(3))).toEqual(['', 'a 0s×1', '']);
    expect(rows.report()).toMatchObject({
      invocations: 5,
      invalid: 3,
      unmatched: 1,
      zeroLength: 1,
      outside: 1,
    });
    expect(() => rows.take(Number.NaN)).toThrow(/no times/);
  });

  it('keeps columns in their order as functions come', () => {
    const rows = new RowAccumulator({ start: 0, tickSeconds: 1, functions: ['z'] });
    rows.add('b', 0, 1);
    expect(rows.take(1).columns).toEqual(['z', 'b']);
    rows.add('a', 1, 2);
    const shared = { names: ['os'], shares: [Float64Array.of(0.25)] };
    expect(readable(rows.take(2, shared))).toEqual(['a 1s×1, os 0.25s×0']);
  });

  it('holds no more than what runs, however long it goes on', () => {
    const rows = accumulator();
    rows.begin('long', 0, 'long');
    for (let tick = 0; tick < 3000; tick++) {
      for (let i = 0; i < 20; i++) rows.add(`f${i}`, tick + i / 20, tick + i / 20 + 1.5);
      rows.take(tick);
    }
    expect(rows.report()).toMatchObject({ invocations: 60_001, neverEnding: 1, late: 0 });
    expect(sum(rows.take(4000).seconds)).toBeCloseTo(1001 + 51.75, 6);
  });

  const arrivals = anyTicks.chain((ticks) =>
    runsAround(ticks).chain((runs) =>
      fc.record({
        ticks: fc.constant(ticks),
        runs: fc.shuffledSubarray(runs, { minLength: runs.length, maxLength: runs.length }),
        takes: fc.array(fc.integer({ min: 0, max: ticks.count }), { maxLength: 5 }),
        isAdded: fc.array(fc.boolean(), { minLength: runs.length, maxLength: runs.length }),
      }),
    ),
  );

  it('gives the same to the last bit as all at once, in whatever order they come, when nothing is late', () => {
    fc.assert(
      fc.property(arrivals, ({ ticks, runs, takes, isAdded }) => {
        const online = new RowAccumulator(ticks);
        const given: Rows[] = [];
        const open = new Set(runs.keys());
        for (const until of [...takes.sort((a, b) => a - b), ticks.count]) {
          const edge = edgeOf(ticks, until);
          // All that begins before the edge comes before the take, and ends that are known by then.
          for (const i of open) {
            const [name = '', start = 0, end = 0] = runs[i] ?? [];
            if (isAdded[i]) online.add(name, start, end);
            else if (start < edge || until === ticks.count) {
              online.begin(name, start, i);
              if (end < edge) online.finish(i, end);
            } else continue;
            open.delete(i);
          }
          given.push(online.take(until));
          runs.forEach(([, , end], i) => {
            if (!isAdded[i] && !open.has(i) && end >= edge && end < Infinity) online.finish(i, end);
          });
        }
        const batch = buildRows(tableOf(runs), ticks);
        expect(entriesOf(given)).toEqual(entriesOf([batch.rows]));
        const { late, lateSeconds, surplusSeconds, overlapping } = online.report();
        expect({ late, lateSeconds, surplusSeconds, overlapping }).toEqual({
          late: 0,
          lateSeconds: 0,
          surplusSeconds: 0,
          overlapping: batch.report.overlapping,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('loses no second untold: rows, less what was too much, and what was late make up the whole', () => {
    fc.assert(
      fc.property(arrivals, ({ ticks, runs, takes, isAdded }) => {
        const online = new RowAccumulator(ticks);
        let given = 0;
        runs.forEach(([name, start, end], i) => {
          const until = takes[i % Math.max(1, takes.length)];
          if (isAdded[i]) online.add(name, start, end);
          else online.begin(name, start, i);
          if (until !== undefined) given += sum(online.take(until).seconds);
          if (!isAdded[i] && end < Infinity) online.finish(i, end);
        });
        given += sum(online.take(ticks.count).seconds);
        const { lateSeconds, surplusSeconds } = online.report();
        const [from, to] = [ticks.start, edgeOf(ticks, ticks.count)];
        const expected = secondsWithin(runs, from, to);
        const slack = 1e-9 * (expected + surplusSeconds) + 1e-14 * Math.abs(to) * runs.length;
        expect(Math.abs(given - surplusSeconds + lateSeconds - expected)).toBeLessThanOrEqual(slack);
      }),
      { numRuns: 300 },
    );
  });
});
