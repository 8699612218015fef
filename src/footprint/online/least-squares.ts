import {
  type NnlsSolution,
  type NormalEquations,
  nnls,
  residualSquare,
  standardErrors,
} from '../../maths/index.js';

export interface Fit extends NnlsSolution {
  readonly errors: Float64Array;
}

/** Non-negative least squares with standard errors: Infinity for all where there are no more rows than figures to find. */
export function leastSquares(equations: NormalEquations, start?: ArrayLike<number>): Fit {
  const solution = nnls(equations, start === undefined ? {} : { start });
  const spare = equations.count - solution.free.reduce((sum, one) => sum + one, 0);
  const variance = spare > 0 ? residualSquare(equations, solution.x) / spare : Number.POSITIVE_INFINITY;
  const errors = Number.isFinite(variance)
    ? standardErrors(equations, solution, { variance })
    : solution.x.map(() => Number.POSITIVE_INFINITY);
  return { ...solution, errors };
}
