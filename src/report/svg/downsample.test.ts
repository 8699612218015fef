import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extremes, means, partBounds } from './downsample.js';

const column = fc
  .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 })
  .map((values) => Float64Array.from(values));
const most = fc.integer({ min: 1, max: 400 });
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

describe('partBounds', () => {
  it('takes every tick once, in at most so many parts', () => {
    expect(partBounds(10, 4)).toEqual([0, 2, 5, 7, 10]);
    expect(partBounds(3, 100)).toEqual([0, 1, 2, 3]);
    expect(partBounds(0, 100)).toEqual([0]);
  });
});

describe('means', () => {
  it('keeps the area under the values', () => {
    fc.assert(
      fc.property(column, most, (values, parts) => {
        const bounds = partBounds(values.length, parts);
        const area = sum(
          means(values, bounds).map((mean, i) => mean * ((bounds[i + 1] ?? 0) - (bounds[i] ?? 0))),
        );
        expect(Math.abs(area - sum(values))).toBeLessThanOrEqual(1e-9 * sum(values));
      }),
    );
  });

  it('leaves out what is not there, and is absent where nothing is', () => {
    const values = Float64Array.of(Number.NaN, 4, Number.NaN, Number.NaN);
    expect([...means(values, [0, 2, 4])]).toEqual([4, Number.NaN]);
  });
});

describe('extremes', () => {
  it('loses no peak, and goes forward in time', () => {
    fc.assert(
      fc.property(column, most, (values, parts) => {
        const points = extremes(values, partBounds(values.length, parts)).flat();
        expect(Math.max(...points.map(({ value }) => value))).toBe(Math.max(...values));
        expect(Math.min(...points.map(({ value }) => value))).toBe(Math.min(...values));
        for (const [index, { tick, value }] of points.entries()) {
          expect(values[tick]).toBe(value);
          if (index > 0) expect(tick).toBeGreaterThan(points[index - 1]?.tick ?? 0);
        }
      }),
    );
  });

  it('has no point in a part without values', () => {
    expect(extremes(Float64Array.of(1, Number.NaN, 3, 2), [0, 1, 2, 4])).toEqual([
      [{ tick: 0, value: 1 }],
      [],
      [
        { tick: 2, value: 3 },
        { tick: 3, value: 2 },
      ],
    ]);
  });
});
