import { random } from '../shared/random.js';

/** Rows of as many numbers, from -1 to 1. */
export function randomMatrix(size: number, seed: number): Float64Array {
  const next = random(seed);
  return Float64Array.from({ length: size * size }, () => 2 * next() - 1);
}

/** Blocks of both matrices that stay in the processor's cache. */
const BLOCK = 64;

/** The product of two square matrices. */
export function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let innerFrom = 0; innerFrom < size; innerFrom += BLOCK) {
    const innerTo = Math.min(size, innerFrom + BLOCK);
    for (let columnFrom = 0; columnFrom < size; columnFrom += BLOCK) {
      const columnTo = Math.min(size, columnFrom + BLOCK);
      for (let row = 0; row < size; row++) {
        for (let inner = innerFrom; inner < innerTo; inner++) {
          const factor = a[row * size + inner] ?? 0;
          for (let column = columnFrom; column < columnTo; column++) {
            const to = row * size + column;
            product[to] = (product[to] ?? 0) + factor * (b[inner * size + column] ?? 0);
          }
        }
      }
    }
  }
  return product;
}

/** How far the product is off, along a direction by chance: what is wrong anywhere shows nearly surely (Freivalds). */
export function productError(
  a: Float64Array,
  b: Float64Array,
  product: Float64Array,
  size: number,
  seed: number,
): number {
  const next = random(seed);
  const direction = Float64Array.from({ length: size }, () => (next() < 0.5 ? -1 : 1));
  const times = (matrix: Float64Array, vector: Float64Array): Float64Array =>
    Float64Array.from({ length: size }, (_, row) => {
      let sum = 0;
      for (let column = 0; column < size; column++)
        sum += (matrix[row * size + column] ?? 0) * (vector[column] ?? 0);
      return sum;
    });
  const expected = times(a, times(b, direction));
  return times(product, direction).reduce(
    (most, value, row) => Math.max(most, Math.abs(value - (expected[row] ?? 0))),
    0,
  );
}
