import { describe, expect, test } from 'vitest';
import { multiply, seededRandom } from '../../maths/index.js';
import { randomMatrix, sparse } from '../../maths/testing/design.js';
import { spreadOnRows, weighChange } from './change.js';

const rows = sparse(randomMatrix(seededRandom(5), 30, 4, 0.7));
const NOISE = 9;
const usual = new Float64Array(4).fill(0.1);

/** Weighs a window in which powers changed by the given standard deviation. */
function weighed(seed: number, deviation: number): number | undefined {
  const random = seededRandom(seed);
  const moved = multiply(
    rows,
    Array.from({ length: 4 }, () => deviation * random.normal()),
  );
  const innovation = moved.map((value) => value + Math.sqrt(NOISE) * random.normal());
  const drift = spreadOnRows(rows, usual);
  const expected = drift.map((value, place) => value + (place % (rows.count + 1) === 0 ? NOISE : 0));
  return weighChange(expected, drift, innovation)?.multiple;
}

describe('weighChange', () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);

  test('takes the usual drift and noise for what they are', () => {
    const alarms = seeds.filter((seed) => weighed(seed, Math.sqrt(0.1)) !== 1);
    expect(alarms.length).toBeLessThanOrEqual(2);
  });

  test('notices a change far beyond, and how far', () => {
    const noticed = seeds.map((seed) => weighed(seed, Math.sqrt(100)) ?? 0);
    expect(noticed.filter((multiple) => multiple >= 100).length).toBeGreaterThan(35);
  });
});

describe('spreadOnRows', () => {
  test('is H·diag·Hᵀ', () => {
    const h = sparse([
      [1, 2, 0],
      [0, 3, 4],
    ]);
    expect([...spreadOnRows(h, Float64Array.of(5, 6, 7))]).toEqual([29, 36, 36, 166]);
  });
});
