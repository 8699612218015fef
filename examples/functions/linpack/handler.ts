import { randomMatrix } from '../matmul/multiply.js';
import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { residual, solve } from './solve.js';

const MICROSECONDS_PER_MILLISECOND = 1e3;

/** Solves a dense system of `size` equations, checks the solution, and tells how fast that was. */
export default answering((event) => {
  const size = amount(event, 'size', { usual: 300, least: 1, most: 3_000 });
  const seed = amount(event, 'seed', { usual: 1, least: 0, most: 1e9 });
  const matrix = randomMatrix(size, seed);
  const right = Float64Array.from({ length: size }, (_, row) => {
    // So that the solution is all ones.
    let sum = 0;
    for (let column = 0; column < size; column++) sum += matrix[row * size + column] ?? 0;
    return sum;
  });
  const began = performance.now();
  const { solution, operations } = solve(matrix.slice(), right.slice());
  const milliseconds = performance.now() - began;
  return {
    size,
    residual: residual(matrix, right, solution),
    seconds: milliseconds / 1e3,
    mflops: operations / (milliseconds * MICROSECONDS_PER_MILLISECOND),
    operations,
  };
});
