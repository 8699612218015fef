import { describe, expect, it } from 'vitest';
import { occupancyOf } from '../load/occupancy.js';
import { tableOf } from '../rows/testing/rows.js';
import { counterfactualJoules } from './counterfactual.js';

describe('counterfactualJoules', () => {
  it.each([1, 0.5, 0])('counts what draws power though it weighs nothing on others (part %s)', (part) => {
    const occupancy = occupancyOf(tableOf([['waits', 0, 4]]), { start: 0, stepSeconds: 1, count: 6 });
    const joules = counterfactualJoules({
      occupancy,
      contention: {
        baseSeconds: Float64Array.of(4),
        sensitivity: Float64Array.of(0.2),
        pressure: Float64Array.of(0),
      },
      part,
      law: { idleWatts: 50, floorWatts: 10, bend: 0 },
      loads: occupancy.rows,
      weights: Float64Array.of(7),
      first: 0,
      last: 6,
    });
    expect(joules[0]).toBeCloseTo(4 * (10 + 7), 9);
  });

  it('lets the others run faster, and so fewer of them at once, as Little’s law says', () => {
    const runs = [
      ['one', 0, 4],
      ['other', 0, 4],
    ] as const;
    const occupancy = occupancyOf(tableOf(runs.map(([...run]) => run)), {
      start: 0,
      stepSeconds: 1,
      count: 6,
    });
    const joules = counterfactualJoules({
      occupancy,
      contention: {
        baseSeconds: Float64Array.of(1, 1),
        sensitivity: Float64Array.of(1, 1),
        pressure: Float64Array.of(1, 1),
      },
      part: 0,
      law: { idleWatts: 50, floorWatts: 0, bend: 0 },
      loads: occupancy.rows,
      weights: Float64Array.of(10, 10),
      first: 0,
      last: 6,
    });
    // Two that run take 1 + 2 times as long as none would: a third of one comes at a time. Alone half of one runs: n = (1 + n) / 3.
    expect([...joules]).toEqual([expect.closeTo(4 * (20 - 5), 9), expect.closeTo(4 * (20 - 5), 9)]);
  });
});
