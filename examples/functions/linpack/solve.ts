/** A system of equations, solved in place of its matrix. */
export interface Solved {
  readonly solution: Float64Array;
  /** Additions and multiplications. */
  readonly operations: number;
}

/** Solves `matrix · x = right` by Gauss' elimination, each step with the largest pivot of its column. Both are overwritten. */
export function solve(matrix: Float64Array, right: Float64Array): Solved {
  const size = right.length;
  let operations = 0;
  for (let step = 0; step < size; step++) {
    exchange(matrix, right, step, pivotOf(matrix, size, step));
    const pivot = matrix[step * size + step] ?? 0;
    if (pivot === 0) throw new RangeError('the matrix has no inverse');
    for (let row = step + 1; row < size; row++) {
      const factor = (matrix[row * size + step] ?? 0) / pivot;
      for (let column = step + 1; column < size; column++) {
        const at = row * size + column;
        matrix[at] = (matrix[at] ?? 0) - factor * (matrix[step * size + column] ?? 0);
      }
      right[row] = (right[row] ?? 0) - factor * (right[step] ?? 0);
    }
    const left = size - step - 1;
    operations += left * (2 * left + 3);
  }
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    let sum = right[row] ?? 0;
    for (let column = row + 1; column < size; column++)
      sum -= (matrix[row * size + column] ?? 0) * (solution[column] ?? 0);
    solution[row] = sum / (matrix[row * size + row] ?? 0);
    operations += 2 * (size - row) - 1;
  }
  return { solution, operations };
}

function pivotOf(matrix: Float64Array, size: number, step: number): number {
  let best = step;
  for (let row = step + 1; row < size; row++)
    if (Math.abs(matrix[row * size + step] ?? 0) > Math.abs(matrix[best * size + step] ?? 0)) best = row;
  return best;
}

function exchange(matrix: Float64Array, right: Float64Array, a: number, b: number): void {
  if (a === b) return;
  const size = right.length;
  const row = matrix.slice(a * size, (a + 1) * size);
  matrix.copyWithin(a * size, b * size, (b + 1) * size);
  matrix.set(row, b * size);
  [right[a], right[b]] = [right[b] ?? 0, right[a] ?? 0];
}

/**
 * How far the solution is off, as the LINPACK benchmark measures it: by the size of the matrix, of the solution and of
 * a double's rounding. A sound solver stays below some ten, whatever the size.
 */
export function residual(matrix: Float64Array, right: Float64Array, solution: Float64Array): number {
  const size = right.length;
  let [worst, matrixSize, solutionSize] = [0, 0, 0];
  for (let row = 0; row < size; row++) {
    let off = -(right[row] ?? 0);
    for (let column = 0; column < size; column++) {
      const value = matrix[row * size + column] ?? 0;
      off += value * (solution[column] ?? 0);
      matrixSize = Math.max(matrixSize, Math.abs(value));
    }
    worst = Math.max(worst, Math.abs(off));
    solutionSize = Math.max(solutionSize, Math.abs(solution[row] ?? 0));
  }
  return worst / (size * matrixSize * solutionSize * Number.EPSILON);
}
