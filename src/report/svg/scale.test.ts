import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountScale, timeLabel, timeScale } from './scale.js';

const PIXELS = { start: 50, end: 850 };
const labels = (from: number, to: number): string => {
  const scale = timeScale(from, to, PIXELS);
  const { unit, write } = timeLabel(scale);
  return `${scale.ticks.map(write).join(' ')} ${unit}`;
};

describe('amountScale', () => {
  it.each([
    [97, [0, 20, 40, 60, 80, 100]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.00042, [0, 0.0001, 0.0002, 0.0003, 0.0004, 0.0005]],
    [0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [1e-200, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [Number.POSITIVE_INFINITY, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('reaches %d with round ticks', (most, ticks) => {
    expect(amountScale(most, PIXELS).ticks).toEqual(ticks);
  });

  it('holds every amount, with few ticks from end to end', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-12, max: 1e15, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (most, count) => {
          const scale = amountScale(most, PIXELS, count);
          expect(scale.at(0)).toBe(PIXELS.start);
          expect(scale.at(most)).toBeLessThanOrEqual(PIXELS.end + 1e-6);
          expect(scale.ticks[0]).toBe(0);
          expect(scale.at(scale.ticks.at(-1) ?? 0)).toBeCloseTo(PIXELS.end, 6);
          expect(scale.ticks.length).toBeGreaterThan(1);
          expect(scale.ticks.length).toBeLessThanOrEqual(count + 1);
        },
      ),
    );
  });
});

describe('timeScale', () => {
  it.each([
    [0, 10, '0 2 4 6 8 10 seconds'],
    [0, 600, '0 2 4 6 8 10 minutes'],
    [-60, 65, '-60 -30 0 30 60 seconds'],
    [0, 3600, '0 10 20 30 40 50 60 minutes'],
    [0, 86_400, '0 3 6 9 12 15 18 21 24 hours'],
    [0, 30 * 86_400, '0 5 10 15 20 25 30 days'],
    [0, 0.5, '0 0.1 0.2 0.3 0.4 0.5 seconds'],
    [5, 5, '5 5.2 5.4 5.6 5.8 6 seconds'],
  ])('writes %d to %d seconds as %s', (from, to, expected) => {
    expect(labels(from, to)).toBe(expected);
  });
});
