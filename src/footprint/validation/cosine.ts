import { absent, type Figure, finite } from './figure.js';

/**
 * The cosine of the angle between two vectors of energies, one entry a function: 1 where each function has the same part of
 * the whole in both, whatever the sums. It says nothing of one function alone.
 */
export function cosineSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): Figure {
  if (a.length !== b.length) return absent(`${a.length} figures can't be compared with ${b.length}`);
  if (a.length === 0) return absent('no function has both an estimate and a reference');
  if (a.length === 1) return absent('one function alone has no direction');
  const [sizeA, sizeB] = [largest(a), largest(b)];
  if (sizeA === 0 || sizeB === 0) return absent('every estimate or every reference is 0');
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    // Scaled first, so that no square leaves the range of doubles.
    const [x, y] = [(a[i] ?? 0) / sizeA, (b[i] ?? 0) / sizeB];
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const cosine = product / Math.sqrt(squaresA * squaresB);
  return finite(Math.min(1, Math.max(-1, cosine)), 'a figure is not finite');
}

function largest(values: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < values.length; i++) size = Math.max(size, Math.abs(values[i] ?? 0));
  return size;
}
