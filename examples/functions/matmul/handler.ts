import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { multiply, productError, randomMatrix } from './multiply.js';

/** Multiplies two matrices of `size` by `size` numbers, and checks the product. */
export default answering((event) => {
  const size = amount(event, 'size', { usual: 256, least: 1, most: 4096 });
  const seed = amount(event, 'seed', { usual: 1, least: 0, most: 1e9 });
  const [a, b] = [randomMatrix(size, seed), randomMatrix(size, seed + 1)];
  const product = multiply(a, b, size);
  let trace = 0;
  for (let at = 0; at < size; at++) trace += product[at * size + at] ?? 0;
  return { size, trace, error: productError(a, b, product, size, seed), operations: 2 * size ** 3 };
});
