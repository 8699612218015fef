import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplesOf, seriesOf } from './samples.js';

const times = (...t: number[]): Float64Array => Float64Array.from(t);

describe('samplesOf', () => {
  it('lets each row speak for the time since the one before, the first for a usual interval', () => {
    const { starts, ends, watts, intervalSeconds } = samplesOf(
      times(10, 11, 12.5, 13.5),
      times(1, 2, 3, 4),
      1,
    );
    expect([...starts]).toEqual([9, 10, 11, 12.5]);
    expect([...ends]).toEqual([10, 11, 12.5, 13.5]);
    expect([...watts]).toEqual([1, 2, 3, 4]);
    expect(intervalSeconds).toBe(1);
  });

  it('does not let a row after a gap speak for the gap', () => {
    const { starts } = samplesOf(times(1, 2, 3, 10, 11), times(1, 1, 1, 1, 1), 1);
    expect([...starts]).toEqual([0, 1, 2, 9, 10]);
  });

  it('takes rows together that come more often than ticks, each by its time', () => {
    const { starts, ends, watts, intervalSeconds } = samplesOf(
      times(0.5, 1, 1.6, 2, 2.5, 3),
      times(10, 20, 30, 40, 50, 60),
      1,
    );
    expect([...starts]).toEqual([0, 1, 2]);
    expect([...ends]).toEqual([1, 2, 3]);
    expect([...watts]).toEqual([15, 34, 55].map((value) => expect.closeTo(value, 9)));
    expect(intervalSeconds).toBe(1);
  });

  it('does not give a mean of rows that were taken together over a gap, nor of ones that are not all known', () => {
    const t = times(0.25, 0.5, 0.75, 1, 1.25, 1.5, 6, 6.25, 6.5, 6.75, 7, 7.25);
    const { watts } = samplesOf(t, times(1, 1, 1, 1, 1, 1, 9, 9, Number.NaN, 1, 1, 1), 1);
    expect([...watts]).toEqual([1, Number.NaN, Number.NaN]);
  });

  it('leaves rows out that do not come after the one before', () => {
    const { ends, watts } = samplesOf(times(1, 2, 2, 1.5, Number.NaN, 3), times(1, 2, 7, 7, 7, 3), 1);
    expect([...ends]).toEqual([1, 2, 3]);
    expect([...watts]).toEqual([1, 2, 3]);
  });

  it('makes one row a sample of a tick, and no rows no samples', () => {
    expect(samplesOf(times(5), times(60), 2)).toEqual({
      starts: times(3),
      ends: times(5),
      watts: times(60),
      intervalSeconds: 2,
    });
    expect(samplesOf(times(), times(), 1).watts.length).toBe(0);
  });

  it('keeps the energy, and windows that never overlap, however rows come and are taken together', () => {
    const gap = fc.double({ min: 0.7, max: 1.3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(gap, fc.double({ min: 0, max: 500, noNaN: true })), {
          minLength: 2,
          maxLength: 60,
        }),
        fc.constantFrom(0.01, 0.2, 1),
        fc.constantFrom(0.5, 1, 3),
        (rows, scale, tickSeconds) => {
          let at = 0;
          const t = Float64Array.from(rows, ([step]) => {
            at += step * scale;
            return at;
          });
          const { starts, ends, watts, intervalSeconds } = samplesOf(
            t,
            Float64Array.from(rows, ([, value]) => value),
            tickSeconds,
          );
          // But for the first row, whose own time is not known.
          const joules = watts.reduce(
            (sum, value, i) => sum + value * ((ends[i] ?? 0) - (starts[i] ?? 0)),
            -(rows[0]?.[1] ?? 0) * ((t[0] ?? 0) - (starts[0] ?? 0)),
          );
          const expected = rows
            .slice(1)
            .reduce((sum, [, value], i) => sum + value * ((t[i + 1] ?? 0) - (t[i] ?? 0)), 0);
          expect(joules).toBeCloseTo(expected, 6);
          for (const [i, start] of starts.entries()) {
            expect(ends[i]).toBeGreaterThan(start);
            if (i > 0) expect(start).toBeCloseTo(ends[i - 1] ?? Number.NaN, 9);
          }
          expect(intervalSeconds).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('seriesOf', () => {
  it('has the rows that are known, as means since the row before', () => {
    expect(seriesOf({ t: times(1, 2, 3) }, times(5, Number.NaN, 7))).toEqual({
      sampling: 'mean',
      samples: [
        { at: 1, watts: 5 },
        { at: 3, watts: 7 },
      ],
    });
  });
});
