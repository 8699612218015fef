import { type Random, seededRandom } from 'wattloop/maths';
import { darkness, GLYPHS } from './glyphs.js';
import type { Block, Samples } from './samples.js';

const SIDE = 12;
export const PIXELS = SIDE * SIDE;

export interface ImageOptions {
  /** Of every pixel, as a standard deviation; ink is about 1. */
  readonly noise: number;
  readonly seed: number;
}

/** Draws a digit somewhat larger or smaller, slanted, moved and pale, as hands do, and adds noise. */
function draw(digit: number, random: Random, noise: number, pixels: Float32Array): void {
  const about = (middle: number, spread: number): number => middle + spread * (2 * random.uniform() - 1);
  const [scale, slant, ink] = [about(1.4, 0.25), about(0, 0.3), about(0.8, 0.2)];
  const [middleX, middleY] = [about((SIDE - 1) / 2, 1.3), about((SIDE - 1) / 2, 1)];
  for (let y = 0; y < SIDE; y++) {
    const down = (y - middleY) / scale;
    for (let x = 0; x < SIDE; x++) {
      const right = (x - middleX) / scale + slant * down;
      pixels[y * SIDE + x] = ink * darkness(digit, right, down) + noise * random.normal();
    }
  }
}

/** The images of these numbers. Each depends on its number alone, so that the data is the same however many workers draw it. */
function images(numbers: readonly number[], { noise, seed }: ImageOptions): Samples {
  const values = new Float32Array(numbers.length * PIXELS);
  const labels = new Uint8Array(numbers.length);
  const source = seededRandom(seed);
  numbers.forEach((number, row) => {
    const random = source.fork(`image ${number}`);
    const digit = random.below(GLYPHS);
    labels[row] = digit;
    draw(digit, random, noise, values.subarray(row * PIXELS, (row + 1) * PIXELS));
  });
  return { rows: numbers.length, columns: PIXELS, values, labels };
}

/** Images of digits; every fifth is kept for the test. */
export function imageBlock(numbers: readonly number[], options: ImageOptions): Block {
  const isTest = (number: number): boolean => number % 5 === 4;
  return {
    train: images(
      numbers.filter((number) => !isTest(number)),
      options,
    ),
    test: images(numbers.filter(isTest), options),
  };
}
