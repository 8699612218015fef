import { describe, expect, it } from 'vitest';
import { blockBootstrap, centralInterval } from './block-bootstrap.js';
import { blockLength } from './block-length.js';
import { moments } from './moments.js';
import { seededRandom } from './random.js';

/** Values each of which keeps `memory` of the one before, with deviation 1. */
function hangingTogether(count: number, memory: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  let state = random.normal();
  return Float64Array.from({ length: count }, () => {
    state = memory * state + Math.sqrt(1 - memory ** 2) * random.normal();
    return state;
  });
}

const meanOf = (values: Float64Array) => (places: Uint32Array) => {
  let sum = 0;
  for (const place of places) sum += values[place] ?? Number.NaN;
  return sum / places.length;
};

function errorOfMean(values: Float64Array, length: number, seed = 1): number {
  const draws = blockBootstrap(values.length, meanOf(values), {
    random: seededRandom(seed),
    blockLength: length,
  });
  return moments(draws).deviation;
}

describe('blockBootstrap', () => {
  it('gives the textbook error of a mean for values that have nothing to do with one another', () => {
    const values = hangingTogether(1000, 0, 3);
    const expected = moments(values).deviation / Math.sqrt(values.length);
    expect(Math.abs(errorOfMean(values, 1) / expected - 1)).toBeLessThan(0.08);
  });

  it('sees the larger error of a mean of values that hang together, which drawing one by one does not', () => {
    // The variance of the mean grows by (1 + 0.8) / (1 - 0.8) = 9.
    const errors = Array.from({ length: 20 }, (_, seed) => {
      const values = hangingTogether(1500, 0.8, seed + 1);
      return { blocks: errorOfMean(values, blockLength(values)), single: errorOfMean(values, 1) };
    });
    const expected = 3 / Math.sqrt(1500);
    const blocks = moments(errors.map((error) => error.blocks)).mean;
    expect(blocks / expected).toBeGreaterThan(0.8);
    expect(blocks / expected).toBeLessThan(1.15);
    expect(moments(errors.map((error) => error.single)).mean / expected).toBeLessThan(0.4);
  });

  it('holds the true mean in its interval about as often as it says', () => {
    let held = 0;
    const trials = 200;
    for (let seed = 1; seed <= trials; seed++) {
      const values = hangingTogether(400, 0.5, seed);
      const draws = blockBootstrap(values.length, meanOf(values), {
        random: seededRandom(seed),
        blockLength: blockLength(values),
        resamples: 400,
      });
      const { low, high } = centralInterval(draws, 0.95);
      if (low <= 0 && high >= 0) held++;
    }
    expect(held / trials).toBeGreaterThan(0.88);
    expect(held / trials).toBeLessThan(0.99);
  });

  it('gives the same for the same seed, another for another', () => {
    const values = hangingTogether(100, 0.5, 7);
    const draw = (seed: number) => [
      ...blockBootstrap(values.length, meanOf(values), {
        random: seededRandom(seed),
        blockLength: 5,
        resamples: 50,
      }),
    ];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('draws places of the series alone, in runs of the mean length asked for', () => {
    const count = 5000;
    let [runs, drawn] = [0, 0];
    blockBootstrap(
      count,
      (places) => {
        for (let i = 1; i < places.length; i++) {
          expect(places[i] ?? -1).toBeLessThan(count);
          if (places[i] !== ((places[i - 1] ?? 0) + 1) % count) runs++;
        }
        drawn += places.length;
        return 0;
      },
      { random: seededRandom(5), blockLength: 20, resamples: 5 },
    );
    expect(Math.abs(drawn / runs / 20 - 1)).toBeLessThan(0.1);
  });

  it('leaves out figures that are none, and has none for nothing', () => {
    let draw = 0;
    const draws = blockBootstrap(3, () => (draw++ % 2 === 0 ? Number.NaN : draw), {
      random: seededRandom(1),
      blockLength: 1,
      resamples: 10,
    });
    expect(draws).toHaveLength(5);
    expect(blockBootstrap(0, () => 1, { random: seededRandom(1), blockLength: 1 })).toHaveLength(0);
  });
});

describe('blockLength', () => {
  it('is short for noise and grows with how long values hang together', () => {
    const typical = (memory: number): number =>
      moments(Array.from({ length: 15 }, (_, seed) => blockLength(hangingTogether(2000, memory, seed + 1))))
        .mean;
    const [none, some, much] = [typical(0), typical(0.5), typical(0.9)];
    expect(none).toBeLessThan(6);
    expect(some).toBeGreaterThan(1.5 * none);
    expect(much).toBeGreaterThan(2 * some);
  });

  it('does not depend on scale or level, and minds no gaps', () => {
    const values = hangingTogether(800, 0.7, 4);
    const length = blockLength(values);
    expect(blockLength(values.map((value) => 1e6 + 1e3 * value))).toBeCloseTo(length, 4);
    const gappy = values.map((value, i) => (i % 17 === 0 ? Number.NaN : value));
    expect(blockLength(gappy)).toBeGreaterThan(length / 3);
    expect(blockLength(gappy)).toBeLessThan(length * 3);
  });

  it('is 1 where nothing can be told', () => {
    expect(blockLength([])).toBe(1);
    expect(blockLength([1, 2, 3])).toBe(1);
    expect(blockLength(new Float64Array(100).fill(5))).toBe(1);
    expect(blockLength(new Float64Array(100).fill(Number.NaN))).toBe(1);
  });
});
