import { Cholesky, normalEquations, type SparseRows } from '../../maths/index.js';
import type { Evidence } from './window.js';

/** What a window says of the powers: rows · powers = target, each with an independent error of the same variance. */
export interface Observations {
  readonly rows: SparseRows;
  readonly target: Float64Array;
}

// What rounding leaves of a column's square when it depends on others.
const DEPENDENT = 1e-12;

/**
 * A window's ticks as they are, or, where there are more ticks than functions, as many rows as functions that say the
 * same: the factor of their Gram matrix. So the work of an update is bounded by the smaller of the two.
 */
export function observationsOf({ rows, watts }: Evidence): Observations {
  if (rows.count <= rows.width) return { rows, target: watts };
  const { size, gram, right } = normalEquations(rows, watts);
  const factor = new Cholesky(size);
  // A column that depends on those before it gets a row of its own in the factor, of next to no weight.
  for (let j = 0; j < size; j++) {
    const products = gram.slice(j * size, j * size + j + 1);
    const own = products[j] ?? 0;
    // Rounding that other dependent columns have made larger takes more than one step, each twice the one before.
    let weight = Math.max(DEPENDENT * own, Number.MIN_VALUE);
    for (; !factor.append(products, DEPENDENT * own); weight *= 2) products[j] = (products[j] ?? 0) + weight;
  }
  return { rows: upperTriangle(factor), target: factor.forward(right) };
}

function upperTriangle(factor: Cholesky): SparseRows {
  const size = factor.size;
  const length = (size * (size + 1)) / 2;
  const rowStart = new Uint32Array(size + 1);
  const [column, value] = [new Uint32Array(length), new Float64Array(length)];
  let place = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++, place++) {
      column[place] = j;
      value[place] = factor.entry(j, i);
    }
    rowStart[i + 1] = place;
  }
  return { count: size, width: size, rowStart, column, value };
}
