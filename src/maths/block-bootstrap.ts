import type { Random } from './random.js';
import { quantileSorted } from './statistics.js';

export interface BootstrapOptions {
  readonly random: Random;
  /** Mean length of a block, in values; 1 draws each value by itself. */
  readonly blockLength: number;
  /** How often the series is drawn again. */
  readonly resamples?: number;
}

const DEFAULT_RESAMPLES = 2000;

/**
 * What a figure of `count` values in order would have been, had chance played otherwise: their places are drawn again in
 * blocks of random (geometric) length that begin anywhere and wrap round at the end (the stationary bootstrap of Politis
 * and Romano), so that values near one another stay together. `statistic` is given the places drawn, which it must not
 * keep; figures that are none are left out. Sorted.
 */
export function blockBootstrap(
  count: number,
  statistic: (places: Uint32Array) => number,
  { random, blockLength, resamples = DEFAULT_RESAMPLES }: BootstrapOptions,
): Float64Array {
  const places = new Uint32Array(count);
  const ends = 1 / Math.max(1, blockLength);
  const figures = new Float64Array(count === 0 ? 0 : resamples);
  let kept = 0;
  for (let draw = 0; draw < figures.length; draw++) {
    let place = random.below(count);
    for (let i = 0; i < count; i++) {
      if (i > 0) place = random.uniform() < ends ? random.below(count) : (place + 1) % count;
      places[i] = place;
    }
    const figure = statistic(places);
    if (Number.isFinite(figure)) figures[kept++] = figure;
  }
  return figures.subarray(0, kept).sort();
}

/** What lies in the middle of sorted figures: the part `confidence` of them. */
export function centralInterval(figures: Float64Array, confidence: number): { low: number; high: number } {
  return {
    low: quantileSorted(figures, (1 - confidence) / 2),
    high: quantileSorted(figures, (1 + confidence) / 2),
  };
}
