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
});
