import { describe, expect, test } from 'vitest';
import { normalEquations, seededRandom } from '../../maths/index.js';
import { type Observations, observationsOf } from './observations.js';
import { stream } from './testing/stream.js';
import { evidenceOf } from './window.js';

const functions = [
  { name: 'a', watts: 5, load: 1, latencySeconds: 1 },
  { name: 'b', watts: 9, load: 2, latencySeconds: 0.5 },
  { name: 'c', watts: 2, load: 1, latencySeconds: 1, twinOf: 'a' },
];

const equations = ({ rows, target }: Observations) => normalEquations(rows, target);

describe('observationsOf', () => {
  test('puts many ticks together into as many rows as functions that say the same', () => {
    const evidence = evidenceOf(stream({ seed: 1, functions, ticks: 60 }).next().value);
    const observations = observationsOf(evidence);
    expect(observations.rows.count).toBe(3);
    const [few, many] = [equations(observations), normalEquations(evidence.rows, evidence.watts)];
    for (const [place, value] of many.gram.entries()) expect(few.gram[place]).toBeCloseTo(value, 8);
    for (const [place, value] of many.right.entries()) expect(few.right[place]).toBeCloseTo(value, 4);
  });

  test.each([7, 9])('ends where many functions always run together (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const loads = [
      12 + random.uniform(),
      5 + random.uniform(),
      3 + random.uniform(),
      0.9 + 0.1 * random.uniform(),
      ...Array.from({ length: 30 }, () => 0.1 + 0.01 * random.uniform()),
    ];
    const least = [1, ...Array.from({ length: 11 }, (_, i) => 2 ** (i - 2)), 1024];
    const values = loads.flatMap((load) => least.map((most) => Math.min(load, most)));
    const rows = {
      count: loads.length,
      width: least.length,
      rowStart: Uint32Array.from({ length: loads.length + 1 }, (_, row) => row * least.length),
      column: Uint32Array.from(values, (_, p) => p % least.length),
      value: Float64Array.from(values),
    };
    const evidence = evidenceOf(stream({ seed: 1, functions, ticks: 1 }).next().value);
    const observations = observationsOf({ ...evidence, rows, watts: Float64Array.from(loads) });
    expect(observations.rows.count).toBe(least.length);
    expect(observations.rows.value.every(Number.isFinite)).toBe(true);
    expect(observations.target.every(Number.isFinite)).toBe(true);
    const { gram } = normalEquations(rows, loads);
    const largest = Math.max(...gram);
    for (const [place, value] of equations(observations).gram.entries())
      expect(Math.abs(value - (gram[place] ?? 0))).toBeLessThan(1e-3 * largest);
  });

  test('leaves few ticks as they are', () => {
    const evidence = evidenceOf(stream({ seed: 1, functions, ticks: 3 }).next().value);
    expect(observationsOf(evidence)).toEqual({ rows: evidence.rows, target: evidence.watts });
  });
});
