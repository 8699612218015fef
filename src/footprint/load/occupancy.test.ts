import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyTicks, runsAround, secondsWithin, sum, tableOf } from '../rows/testing/rows.js';
import { occupancyOf } from './occupancy.js';

describe('occupancyOf', () => {
  it('counts how many invocations ran in each step, short ones by their time', () => {
    const table = tableOf([
      ['a', 0, 2],
      ['a', 0.5, 1],
      ['b', 0.75, 1.25],
    ]);
    const { rows, total } = occupancyOf(table, { start: 0, stepSeconds: 0.5, count: 5 });
    expect([...total]).toEqual([1, 2.5, 1.5, 1, 0]);
    expect([...rows.rowStart]).toEqual([0, 1, 3, 5, 6, 6]);
    expect([...rows.column]).toEqual([0, 0, 1, 0, 1, 0]);
    expect([...rows.value]).toEqual([1, 2, 0.5, 1, 0.5, 1]);
  });

  it('adds up to the running time within its steps, for any invocations', () => {
    fc.assert(
      fc.property(
        anyTicks.chain((ticks) => fc.tuple(fc.constant(ticks), runsAround(ticks))),
        ([{ start, tickSeconds, count }, runs]) => {
          const { total, rows } = occupancyOf(tableOf(runs), { start, stepSeconds: tickSeconds, count });
          const ran = secondsWithin(runs, start, start + count * tickSeconds);
          expect(Math.abs(sum(total) * tickSeconds - ran)).toBeLessThanOrEqual(1e-5 * (1 + ran));
          expect(Math.abs(sum(total) - sum(rows.value))).toBeLessThanOrEqual(1e-9 * (1 + sum(total)));
        },
      ),
    );
  });
});
