import { describe, expect, test } from 'vitest';
import type { Rows } from '../rows/rows.js';
import { OnlineDisaggregator } from './disaggregator.js';
import type { LatencyStatistics } from './online.js';

function rowsOf(columns: readonly string[], matrix: readonly (readonly number[])[]): Rows {
  const [rowStart, column, seconds] = [[0], [] as number[], [] as number[]];
  for (const row of matrix) {
    for (const [c, value] of row.entries()) {
      if (value === 0) continue;
      column.push(c);
      seconds.push(value);
    }
    rowStart.push(column.length);
  }
  return {
    start: 0,
    tickSeconds: 1,
    count: matrix.length,
    columns,
    functionCount: columns.length,
    rowStart: Uint32Array.from(rowStart),
    column: Uint32Array.from(column),
    seconds: Float64Array.from(seconds),
    activations: Uint32Array.from(column, () => 1),
  };
}

const latency = (deviationSeconds: number): LatencyStatistics => ({
  count: 9,
  meanSeconds: 1,
  deviationSeconds,
});
const latencies = new Map([
  ['a', latency(0.1)],
  ['b', latency(0.3)],
]);
const first = {
  rows: rowsOf(
    ['a', 'b'],
    [
      [1, 0],
      [0, 1],
      [1, 1],
      [1, 0],
    ],
  ),
  watts: [10, 20, 30, 10],
  latencies,
};

describe('the published update', () => {
  test('starts with the least squares of the first window', () => {
    const { watts, standardErrors } = new OnlineDisaggregator({ mode: 'published' }).update(first);
    expect(watts[0]).toBeCloseTo(10, 9);
    expect(watts[1]).toBeCloseTo(20, 9);
    expect(standardErrors).toBeUndefined();
  });

  test('then follows the equations, as worked out by hand', () => {
    const online = new OnlineDisaggregator({ mode: 'published' });
    online.update(first);
    const second = rowsOf(
      ['a', 'b'],
      [
        [1, 0],
        [0, 1],
        [1, 1],
        [0, 1],
      ],
    );
    const { watts } = online.update({ rows: second, watts: [15, 20, 35, 20], latencies });
    // Shares of invocations: 3/5, 2/5 before; 2/5, 3/5 now. P was 0.
    const change = 1 + Math.hypot(1 / 5, 1 / 5);
    const [pa, pb] = [0.1 * 0.1 * change, 0.1 * 0.3 * change];
    const [ha, hb, r] = [2, 3, 0.2 / Math.sqrt(4)];
    const expected = pa * ha * ha + pb * hb * hb + r;
    const [xa, xb] = [0.8 * 10 + 0.2 * 15, 20];
    const innovation = (15 + 20 + 35 + 20) / 4 - (2 * xa + 3 * xb) / 4;
    expect(watts[0]).toBeCloseTo(xa + ((pa * ha) / expected) * innovation, 9);
    expect(watts[1]).toBeCloseTo(xb + ((pb * hb) / expected) * innovation, 9);
  });

  test('its parameters can be set: with α 1 and β and γ 0 nothing ever moves', () => {
    const online = new OnlineDisaggregator({ mode: 'published', published: { alpha: 1, beta: 0, gamma: 0 } });
    online.update(first);
    const { watts } = online.update({ ...first, watts: [50, 60, 110, 50] });
    expect(watts[0]).toBeCloseTo(10, 9);
    expect(watts[1]).toBeCloseTo(20, 9);
  });

  test('a function that is new starts with what its own window says, others stay out of it', () => {
    const online = new OnlineDisaggregator({ mode: 'published' });
    online.update(first);
    const rows = rowsOf(
      ['c', 'a'],
      [
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    );
    const { functions, watts, fresh, frozen } = online.update({ rows, watts: [7, 17, 10], latencies });
    expect(functions).toEqual(['a', 'b', 'c']);
    expect(watts[2]).toBeCloseTo(7, 9);
    expect(watts[1]).toBeCloseTo(20, 9);
    expect([...fresh]).toEqual([0, 0, 1]);
    expect([...frozen]).toEqual([0, 1, 0]);
  });
});
