import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsAround, sum, tableOf } from '../rows/testing/rows.js';
import type { Contention } from './contention.js';
import { occupancyOf } from './occupancy.js';
import { pressureOf, progressOf } from './progress.js';

const law = (sensitivity: readonly number[], pressure: readonly number[]): Contention => ({
  baseSeconds: new Float64Array(sensitivity.length).fill(1),
  sensitivity: Float64Array.from(sensitivity),
  pressure: Float64Array.from(pressure),
});

/** In the first second `a` runs alone, in the second with `b` twice, in the third `b` runs alone. */
const OCCUPANCY = occupancyOf(
  tableOf([
    ['a', 0, 2],
    ['b', 1, 3],
    ['b', 1, 2],
  ]),
  { start: 0, stepSeconds: 1, count: 4 },
);

describe('pressureOf', () => {
  it('adds up what every running invocation weighs on the others', () => {
    expect([...pressureOf(OCCUPANCY, law([0, 0], [0.5, 2]))]).toEqual([0.5, 4.5, 2, 0]);
  });
});

describe('progressOf', () => {
  it('counts running time when nothing of the slowing down is missing from the power', () => {
    expect(progressOf(OCCUPANCY, law([1, 1], [1, 1]), 0)).toBe(OCCUPANCY.rows);
  });

  it('is running time where nobody is slowed down', () => {
    const { value } = progressOf(OCCUPANCY, law([0, 0], [1, 1]), 1);
    for (const [p, running] of OCCUPANCY.rows.value.entries()) expect(value[p]).toBeCloseTo(running, 12);
  });

  it('counts less where functions contend, by what they are slowed down, and as much on average', () => {
    const { value } = progressOf(OCCUPANCY, law([0.5, 1], [1, 1]), 1);
    const [alone, crowded] = [value[0] ?? 0, value[1] ?? 0];
    expect(alone / crowded).toBeCloseTo((1 + 0.5 * 3) / (1 + 0.5 * 1), 12);
    expect(alone + crowded).toBeCloseTo(2, 12);
    const [twice, single] = [value[2] ?? 0, value[3] ?? 0];
    expect(twice / single).toBeCloseTo((2 * (1 + 1)) / (1 + 3), 12);
    expect(twice + single).toBeCloseTo(3, 12);
  });

  it('takes a part of the slowing down as a power of it', () => {
    const { value } = progressOf(OCCUPANCY, law([0.5, 1], [1, 1]), 0.5);
    expect((value[0] ?? 0) / (value[1] ?? 0)).toBeCloseTo(Math.sqrt(2.5 / 1.5), 12);
  });

  it('keeps the sum of every function, is never negative and never NaN, whatever ran', () => {
    const ticks = { start: 0, tickSeconds: 0.5, count: 20 };
    fc.assert(
      fc.property(
        runsAround(ticks),
        fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (runs, sensitivity, part) => {
          const occupancy = occupancyOf(tableOf(runs), { start: 0, stepSeconds: 0.5, count: 20 });
          const { rows } = occupancy;
          const progress = progressOf(occupancy, law(sensitivity, [1, 0.5, 2, 1]), part);
          expect(progress.value.every((value) => value >= 0)).toBe(true);
          for (let f = 0; f < rows.width; f++) {
            const own = (values: Float64Array): number => sum(values.filter((_, p) => rows.column[p] === f));
            expect(own(progress.value)).toBeCloseTo(own(rows.value), 6);
          }
        },
      ),
    );
  });
});
