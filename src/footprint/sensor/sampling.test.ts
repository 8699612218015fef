import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiply, type SparseRows, seededRandom } from '../../maths/index.js';
import type { Steps } from '../load/steps.js';
import { meanLag, type SensorResponse, samplingRows } from './sampling.js';

const rowSum = ({ rowStart, value }: SparseRows, row: number): number =>
  value.subarray(rowStart[row] ?? 0, rowStart[row + 1] ?? 0).reduce((sum, weight) => sum + weight, 0);

/** Parts of a step in which the sensor is followed. */
const FINE = 8;

/**
 * What the sensor shows in each window when it is followed cell by cell: its state moves towards the power, late. All times
 * are whole cells.
 */
function followed(
  power: Float64Array,
  { stepSeconds }: Steps,
  windows: readonly (readonly [from: number, to: number])[],
  delayCells: number,
  smoothing: number,
): number[] {
  const cell = stepSeconds / FINE;
  const shown = new Float64Array(power.length * FINE);
  let state = power[0] ?? 0;
  for (const [c] of shown.entries()) {
    const drawn = power[Math.floor(c / FINE)] ?? 0;
    const keep = smoothing > 0 ? Math.exp(-cell / smoothing) : 0;
    const missing = smoothing > 0 ? (state - drawn) * smoothing * (1 - keep) : 0;
    shown[c] = (drawn * cell + missing) / cell;
    state = drawn + (state - drawn) * keep;
  }
  return windows.map(([from, to]) => {
    const seen = shown.subarray(from - delayCells, to - delayCells);
    return seen.reduce((sum, value) => sum + value, 0) / seen.length;
  });
}

describe('samplingRows', () => {
  it('shows each step by its part of the window when the sensor is prompt', () => {
    const steps = { start: 0, stepSeconds: 1, count: 4 };
    const windows = { starts: Float64Array.of(0.5, 2), ends: Float64Array.of(2, 3) };
    const rows = samplingRows(windows, steps, { delaySeconds: 0, smoothingSeconds: 0 });
    expect([...rows.column]).toEqual([0, 1, 2]);
    expect(rows.value[0]).toBeCloseTo(1 / 3, 12);
    expect(rows.value[1]).toBeCloseTo(2 / 3, 12);
    expect(rows.value[2]).toBeCloseTo(1, 12);
  });

  it('looks back by the lag: late power shows earlier work, early power shows later work', () => {
    const steps = { start: -10, stepSeconds: 1, count: 30 };
    const windows = { starts: Float64Array.of(4), ends: Float64Array.of(5) };
    const seen = (delaySeconds: number): number[] => [
      ...samplingRows(windows, steps, { delaySeconds, smoothingSeconds: 0 }).column,
    ];
    expect(seen(3)).toEqual([11]);
    expect(seen(-3)).toEqual([17]);
    expect(seen(0.5)).toEqual([13, 14]);
  });

  it('counts the lag of a smoothing sensor as the delay and the mean of the smoothing', () => {
    expect(meanLag({ delaySeconds: -3, smoothingSeconds: 2 })).toBe(-1);
    const steps = { start: -100, stepSeconds: 0.25, count: 800 };
    const windows = { starts: Float64Array.of(50), ends: Float64Array.of(51) };
    const response = { delaySeconds: 4, smoothingSeconds: 2 };
    const rows = samplingRows(windows, steps, response);
    const centre = rows.value.reduce(
      (sum, weight, p) => sum + weight * (-100 + ((rows.column[p] ?? 0) + 0.5) * 0.25),
      0,
    );
    expect(50.5 - centre).toBeCloseTo(6, 1);
  });

  it('is a convolution with the answer of the sensor, for any lag, smoothing and window', () => {
    const steps: Steps = { start: -30, stepSeconds: 0.25, count: 400 };
    const cell = steps.stepSeconds / FINE;
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: -8 * FINE, max: 8 * FINE }),
        fc.constantFrom(0, 0.01, 0.3, 1, 2.5),
        fc.array(fc.tuple(fc.integer({ min: 100, max: 290 }), fc.integer({ min: 1, max: 40 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (seed, delayCells, smoothingSeconds, spans) => {
          const random = seededRandom(seed);
          const power = Float64Array.from({ length: steps.count }, () => 100 * random.uniform());
          const windows = spans.map(([step, cells]) => [step * FINE, step * FINE + cells] as const);
          const rows = samplingRows(
            {
              starts: Float64Array.from(windows, ([from]) => steps.start + from * cell),
              ends: Float64Array.from(windows, ([, to]) => steps.start + to * cell),
            },
            steps,
            { delaySeconds: delayCells * cell, smoothingSeconds },
          );
          const expected = followed(power, steps, windows, delayCells, smoothingSeconds);
          // What lies six time constants back is left out: a quarter of a percent.
          const slack = smoothingSeconds > 0 ? 0.5 : 1e-9;
          for (const [i, watts] of multiply(rows, power).entries())
            expect(Math.abs(watts - (expected[i] ?? Number.NaN))).toBeLessThan(slack);
        },
      ),
    );
  });

  it('has rows of no negative weight that sum to 1, and empty ones for what it can not see', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: -60, max: 60, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true })),
          { minLength: 1, maxLength: 20 },
        ),
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 4, noNaN: true })),
        (spans, delaySeconds, smoothingSeconds) => {
          const steps = { start: -25, stepSeconds: 0.25, count: 200 };
          const starts = Float64Array.from(spans, ([start]) => start);
          const ends = Float64Array.from(spans, ([start, width]) => start + width);
          const rows = samplingRows({ starts, ends }, steps, { delaySeconds, smoothingSeconds });
          expect(rows.value.every((weight) => weight > 0)).toBe(true);
          for (const [i, [start, width]] of spans.entries()) {
            const [from, to] = [start - delaySeconds, start + width - delaySeconds];
            const whole = from - 6 * smoothingSeconds >= -25 && to <= 25 && width > 1e-6;
            const beyond = to > 25 + 1e-6 || from - 6 * smoothingSeconds < -25.25 || width === 0;
            if (whole) expect(rowSum(rows, i)).toBeCloseTo(1, 9);
            if (beyond) expect(rows.rowStart[i]).toBe(rows.rowStart[i + 1]);
          }
        },
      ),
    );
  });

  it('shows a machine that always draws the same as it is, however late and smooth the sensor', () => {
    const steps = { start: -40, stepSeconds: 0.25, count: 400 };
    const starts = Float64Array.from({ length: 30 }, (_, i) => i);
    const response: SensorResponse = { delaySeconds: 3.3, smoothingSeconds: 1.7 };
    const rows = samplingRows({ starts, ends: starts.map((t) => t + 1) }, steps, response);
    for (const watts of multiply(rows, new Float64Array(400).fill(42))) expect(watts).toBeCloseTo(42, 9);
  });
});
