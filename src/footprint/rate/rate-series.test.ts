import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyRate, effectiveRate } from './apply-rate.js';
import { RateSeries } from './rate-series.js';

const hourly = new RateSeries({ t: [0, 3600, 7200], perKilowattHour: [100, 200, 400] });

describe('a series of rates', () => {
  it('holds each rate until the next, and the last one for the usual gap', () => {
    expect([0, 3599.9, 3600, 7199, 7200, 10_799].map((t) => hourly.at(t))).toEqual([
      100, 100, 200, 200, 400, 400,
    ]);
    expect(hourly.end).toBe(10_800);
  });

  it('knows nothing outside its span', () => {
    expect([-0.1, 10_800, Number.NaN].map((t) => hourly.at(t))).toEqual([undefined, undefined, undefined]);
  });

  it('has gaps where a rate is not known', () => {
    const series = new RateSeries({ t: [0, 10, 20], perKilowattHour: [1, Number.NaN, 3] });
    expect(series.at(15)).toBeUndefined();
    const { perKilowattHour, covered } = series.ticks(0, 15, 2);
    expect([...perKilowattHour]).toEqual([1, 3]);
    expect(covered[0]).toBeCloseTo(10 / 15, 12);
    expect(covered[1]).toBeCloseTo(10 / 15, 12);
  });

  it('averages over ticks that a change falls into, by time', () => {
    const { perKilowattHour, covered } = hourly.ticks(1800, 3600, 3);
    expect([...perKilowattHour]).toEqual([150, 300, 400]);
    expect([...covered]).toEqual([1, 1, 0.5]);
  });

  it('refuses what is no series', () => {
    const make = (t: number[], perKilowattHour: number[], holds?: number) => () =>
      new RateSeries({ t, perKilowattHour }, holds);
    expect(make([], [])).toThrow('no point');
    expect(make([0], [1])).toThrow('how long it holds');
    expect(make([0], [1], 60)).not.toThrow();
    expect(make([0, 0], [1, 2])).toThrow('point 2 is not later');
    expect(make([0, 1], [1])).toThrow('2 moments but 1 rates');
    expect(make([0, 1], [1, -1])).toThrow('the rate -1');
    expect(make([0, 1], [1, Number.POSITIVE_INFINITY])).toThrow('the rate Infinity');
    expect(make([0, Number.NaN], [1, 1])).toThrow('point 2 has no time');
  });
});

const seriesArbitrary = fc
  .array(
    fc.record({
      gap: fc.double({ min: 0.01, max: 50, noNaN: true }),
      rate: fc.oneof(fc.double({ min: 0, max: 900, noNaN: true }), fc.constant(Number.NaN)),
    }),
    { minLength: 2, maxLength: 20 },
  )
  .map((points) => {
    let at = -20;
    const t = points.map(({ gap }) => {
      at += gap;
      return at;
    });
    return new RateSeries({ t, perKilowattHour: points.map(({ rate }) => rate) });
  });

describe('energy at a rate', () => {
  it('is rated or said not to be: every joule once', () => {
    const joules = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        seriesArbitrary,
        joules,
        fc.double({ min: 0.1, max: 30, noNaN: true }),
        (series, all, dt) => {
          const energy = Float64Array.from(all);
          const { ratedJoules, unratedJoules, amount } = applyRate(
            energy,
            series.ticks(0, dt, energy.length),
          );
          const total = all.reduce((sum, value) => sum + value, 0);
          expect(Math.abs(ratedJoules + unratedJoules - total)).toBeLessThanOrEqual(
            1e-9 * Math.max(1, total),
          );
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(amount)).toBe(true);
        },
      ),
    );
  });

  it('gives the same in ticks of any length, when power is constant', () => {
    fc.assert(
      fc.property(seriesArbitrary, fc.integer({ min: 1, max: 20 }), (series, parts) => {
        const whole = applyRate(Float64Array.of(1000), series.ticks(-5, 60, 1));
        const fine = applyRate(
          new Float64Array(parts).fill(1000 / parts),
          series.ticks(-5, 60 / parts, parts),
        );
        expect(fine.amount).toBeCloseTo(whole.amount, 9);
        expect(fine.unratedJoules).toBeCloseTo(whole.unratedJoules, 6);
      }),
    );
  });

  it('takes a rate that does not change as a constant', () => {
    const series = new RateSeries({ t: [0, 1], perKilowattHour: [386, 386] }, 100);
    const rated = applyRate(Float64Array.of(3.6e6, 1.8e6), series.ticks(0, 10, 2));
    expect(rated.amount).toBeCloseTo(579, 9);
    expect(effectiveRate(rated)).toBeCloseTo(386, 9);
  });

  it('has no effective rate where none of it has a rate', () => {
    const rated = applyRate(Float64Array.of(5), hourly.ticks(1e6, 1, 1));
    expect(rated).toEqual({ amount: 0, ratedJoules: 0, unratedJoules: 5 });
    expect(effectiveRate(rated)).toBeUndefined();
  });
});
