import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from './random.js';

const draw = (random: Random, of: 'uniform' | 'normal' | 'exponential', count = 20_000): number[] =>
  Array.from({ length: count }, () => random[of]());
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: readonly number[]): number =>
  mean(values.map((value) => (value - mean(values)) ** 2));

describe('seededRandom', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    expect(draw(seededRandom(7), 'uniform', 10)).toEqual(draw(seededRandom(7), 'uniform', 10));
    expect(draw(seededRandom(7), 'uniform', 10)).not.toEqual(draw(seededRandom(8), 'uniform', 10));
  });

  it('stays within its bounds', () => {
    const random = seededRandom(1);
    for (const value of draw(random, 'uniform')) expect(value >= 0 && value < 1).toBe(true);
    const seen = new Set(Array.from({ length: 500 }, () => random.below(5)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('has the moments of its distributions', () => {
    expect(mean(draw(seededRandom(2), 'uniform'))).toBeCloseTo(0.5, 1);
    expect(mean(draw(seededRandom(3), 'normal'))).toBeCloseTo(0, 1);
    expect(variance(draw(seededRandom(3), 'normal'))).toBeCloseTo(1, 1);
    expect(mean(draw(seededRandom(4), 'exponential'))).toBeCloseTo(1, 1);
    expect(variance(draw(seededRandom(4), 'exponential'))).toBeCloseTo(1, 0);
  });

  it('forks into sources that do not depend on how much was taken', () => {
    const [fresh, used] = [seededRandom(5), seededRandom(5)];
    used.uniform();
    expect(fresh.fork('a').uniform()).toBe(used.fork('a').uniform());
    expect(fresh.fork('a').uniform()).not.toBe(fresh.fork('b').uniform());
  });
});
