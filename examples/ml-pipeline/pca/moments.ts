import type { Samples } from '../samples.js';

/** What a covariance is made of, so that parts of the data can be summed up apart. */
export interface Moments {
  readonly count: number;
  readonly mean: Float64Array;
  /** Products of what two columns are off their means, summed over the rows: a square, row by row. */
  readonly products: Float64Array;
}

export function momentsOf({ rows, columns, values }: Samples): Moments {
  const mean = new Float64Array(columns);
  for (let at = 0; at < values.length; at++)
    mean[at % columns] = (mean[at % columns] ?? 0) + (values[at] ?? 0);
  for (let i = 0; i < columns; i++) mean[i] = (mean[i] ?? 0) / Math.max(1, rows);
  const products = new Float64Array(columns * columns);
  const off = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) off[i] = (values[row * columns + i] ?? 0) - (mean[i] ?? 0);
    addProducts(products, off, 1);
  }
  return { count: rows, mean, products };
}

/** Moments of two parts as those of both, without the loss of digits that plain sums of squares have (Chan and others). */
export function merged(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  if (a.count === 0 || b.count === 0) return a.count === 0 ? b : a;
  const apart = b.mean.map((mean, i) => mean - (a.mean[i] ?? 0));
  const mean = a.mean.map((value, i) => value + ((apart[i] ?? 0) * b.count) / count);
  const products = a.products.map((product, at) => product + (b.products[at] ?? 0));
  addProducts(products, apart, (a.count * b.count) / count);
  return { count, mean, products };
}

function addProducts(products: Float64Array, off: Float64Array, weight: number): void {
  const columns = off.length;
  for (let i = 0; i < columns; i++) {
    const first = weight * (off[i] ?? 0);
    const begin = i * columns;
    for (let j = 0; j < columns; j++)
      products[begin + j] = (products[begin + j] ?? 0) + first * (off[j] ?? 0);
  }
}
