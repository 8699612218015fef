import { expect, test } from 'vitest';
import { toldWindow } from '../online/testing/told-window.js';
import { windowSlices } from './window-slice.js';

test('cuts a window into windows that make it up', () => {
  const whole = {
    ...toldWindow({
      start: 100,
      ticks: 10,
      idleWatts: 20,
      watts: (busy) => busy.get('a') ?? 0,
      calls: [
        { name: 'a', from: 100.5, to: 108.5, cpus: 2 },
        { name: 'b', from: 103, to: 104, cpus: 1 },
      ],
    }),
    gramsPerKilowattHour: Float64Array.from({ length: 10 }, (_, tick) => tick),
  };
  const slices = [...windowSlices(whole, 4)];
  expect(slices.map(({ rows }) => [rows.start, rows.count])).toEqual([
    [100, 4],
    [104, 4],
    [108, 2],
  ]);
  const joined = (of: (slice: (typeof slices)[number]) => ArrayLike<number>): number[] =>
    slices.flatMap((slice) => Array.from(of(slice)));
  expect(joined(({ rows }) => rows.seconds)).toEqual([...whole.rows.seconds]);
  expect(joined(({ watts }) => watts)).toEqual([...whole.watts]);
  expect(joined(({ cpuSeconds }) => cpuSeconds?.get('a') ?? [])).toEqual([
    ...(whole.cpuSeconds?.get('a') ?? []),
  ]);
  expect(
    joined(({ gramsPerKilowattHour }) =>
      typeof gramsPerKilowattHour === 'number' ? [] : gramsPerKilowattHour,
    ),
  ).toEqual([...whole.gramsPerKilowattHour]);
  for (const { rows } of slices) {
    expect(rows.rowStart[0]).toBe(0);
    expect(rows.rowStart[rows.count]).toBe(rows.column.length);
  }
});
