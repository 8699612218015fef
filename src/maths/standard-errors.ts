import { Cholesky } from './cholesky.js';
import type { NnlsOptions, NnlsSolution } from './nnls.js';
import type { NormalEquations, SparseRows } from './normal-equations.js';

/** The sum of squares of A·x − b. */
export function residualSquare({ size, gram, right, square }: NormalEquations, x: ArrayLike<number>): number {
  let sum = square;
  for (let i = 0; i < size; i++) {
    const value = x[i] ?? 0;
    if (value === 0) continue;
    let product = -2 * (right[i] ?? 0);
    for (let j = 0; j < size; j++) product += (gram[i * size + j] ?? 0) * (x[j] ?? 0);
    sum += value * product;
  }
  return Math.max(0, sum);
}

/** The free columns of a solution, and the factor of their Gram matrix with its ridge. */
class FreeColumns {
  readonly columns: readonly number[];
  readonly factor: Cholesky;
  readonly #products: (column: number) => Float64Array;

  constructor({ size, gram }: NormalEquations, free: Uint8Array, ridge: NnlsOptions['ridge'] = 0) {
    this.columns = Array.from(free.keys()).filter((j) => free[j] === 1);
    this.factor = new Cholesky(this.columns.length);
    const ridgeOf = (j: number): number => (typeof ridge === 'number' ? ridge : (ridge[j] ?? 0));
    this.#products = (column) => {
      const products = Float64Array.from(this.columns, (other) => gram[column * size + other] ?? 0);
      const all = new Float64Array(this.columns.length + 1);
      all.set(products);
      all[this.columns.length] = (gram[column * size + column] ?? 0) + ridgeOf(column);
      return all;
    };
    for (const [i, column] of this.columns.entries()) {
      const products = this.#products(column);
      products[i] = products[this.columns.length] ?? 0;
      this.factor.append(products);
    }
  }

  /** What is left of a column's square when all that the free ones explain of it is gone. */
  remainder(column: number): number {
    const products = this.#products(column);
    const own = products[this.columns.length] ?? 0;
    const explained = this.factor.forward(products.subarray(0, this.columns.length));
    const rest = explained.reduce((left, part) => left - part * part, own);
    return rest > own * 1e-12 ? rest : 0;
  }
}

export interface ErrorOptions {
  /** Variance of one row's residual. */
  readonly variance: number;
  /** As it was given for the solution. */
  readonly ridge?: NnlsOptions['ridge'];
}

/**
 * One standard error of each column of a solution. For a column held at zero it is the error that it would have if it
 * were let in: how well its zero is known. Infinity for one that can't be told from the free ones. Columns held at zero
 * are taken as known when the errors of the free ones are found.
 */
export function standardErrors(
  equations: NormalEquations,
  solution: Pick<NnlsSolution, 'free'>,
  { variance, ridge }: ErrorOptions,
): Float64Array {
  const free = new FreeColumns(equations, solution.free, ridge);
  const errors = new Float64Array(equations.size);
  for (let j = 0; j < equations.size; j++) {
    if (solution.free[j] === 1) continue;
    const remainder = free.remainder(j);
    errors[j] = remainder > 0 ? Math.sqrt(variance / remainder) : Number.POSITIVE_INFINITY;
  }
  const diagonal = free.factor.inverseDiagonal();
  for (const [i, column] of free.columns.entries())
    errors[column] = Math.sqrt(variance * (diagonal[i] ?? Number.POSITIVE_INFINITY));
  return errors;
}

/** How many rows apart residuals are looked at for what they have in common (Newey and West's rule of thumb). */
export const usualLags = (count: number): number => Math.floor(4 * (count / 100) ** (2 / 9));

/**
 * By how much the variance of a mean grows because neighbouring residuals err alike: 1 for independent ones, never less
 * (Newey and West, Bartlett's weights). NaN counts as a gap.
 */
export function autocorrelationInflation(
  residuals: ArrayLike<number>,
  lags = usualLags(residuals.length),
): number {
  let [own, along] = [0, 0];
  for (let i = 0; i < residuals.length; i++) {
    const value = residuals[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    own += value * value;
    for (let lag = 1; lag <= Math.min(lags, i); lag++) {
      const before = residuals[i - lag] ?? Number.NaN;
      if (Number.isFinite(before)) along += (1 - lag / (lags + 1)) * value * before;
    }
  }
  return own > 0 ? Math.max(1, 1 + (2 * along) / own) : 1;
}

/**
 * Standard errors of the free columns that hold though residuals differ in size from row to row and neighbouring ones
 * err alike (Newey and West). Rows with a residual that is no finite number are left out. 0 for other columns. Costs
 * nnz · free columns: for a thousand columns and an hour of seconds, seconds.
 */
export function neweyWestErrors(
  rows: SparseRows,
  residuals: ArrayLike<number>,
  equations: NormalEquations,
  {
    free,
    ridge,
    lags = usualLags(rows.count),
  }: Pick<NnlsSolution, 'free'> & {
    ridge?: NnlsOptions['ridge'];
    lags?: number;
  },
): Float64Array {
  const { columns, factor } = new FreeColumns(equations, free, ridge);
  const width = columns.length;
  const inverse = factor.inverse();
  const place = new Int32Array(equations.size).fill(-1);
  for (const [i, column] of columns.entries()) place[column] = i;
  // How each row moved the solution: the last few are kept, to be held against the next.
  const moves = Array.from({ length: lags + 1 }, () => new Float64Array(width));
  const variances = new Float64Array(width);
  for (let row = 0; row < rows.count; row++) {
    const move = (moves[row % (lags + 1)] ?? new Float64Array(width)).fill(0);
    const residual = residuals[row] ?? Number.NaN;
    if (!Number.isFinite(residual)) continue;
    for (let p = rows.rowStart[row] ?? 0; p < (rows.rowStart[row + 1] ?? 0); p++) {
      const at = place[rows.column[p] ?? 0] ?? -1;
      const weight = residual * (rows.value[p] ?? 0);
      if (at >= 0)
        for (let i = 0; i < width; i++) move[i] = (move[i] ?? 0) + weight * (inverse[at * width + i] ?? 0);
    }
    for (let lag = 0; lag <= Math.min(lags, row); lag++) {
      const before = moves[(row - lag) % (lags + 1)];
      const weight = lag === 0 ? 1 : 2 * (1 - lag / (lags + 1));
      if (before !== undefined)
        for (let i = 0; i < width; i++)
          variances[i] = (variances[i] ?? 0) + weight * (move[i] ?? 0) * (before[i] ?? 0);
    }
  }
  const errors = new Float64Array(equations.size);
  for (const [i, column] of columns.entries()) errors[column] = Math.sqrt(Math.max(0, variances[i] ?? 0));
  return errors;
}
