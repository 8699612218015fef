import type { NormalEquations, SparseRows } from '../normal-equations.js';
import type { Random } from '../random.js';

/** A sparse matrix from a dense one, row after row. */
export function sparse(matrix: readonly (readonly number[])[]): SparseRows {
  const [rowStart, column, value] = [[0], [] as number[], [] as number[]];
  for (const row of matrix) {
    for (const [j, entry] of row.entries()) {
      if (entry === 0) continue;
      column.push(j);
      value.push(entry);
    }
    rowStart.push(column.length);
  }
  return {
    count: matrix.length,
    width: matrix[0]?.length ?? 0,
    rowStart: Uint32Array.from(rowStart),
    column: Uint32Array.from(column),
    value: Float64Array.from(value),
  };
}

/** A matrix of which the part `density` isn't zero: positive as running times are, or of either sign. */
export function randomMatrix(
  random: Random,
  count: number,
  width: number,
  density: number,
  signed = false,
): number[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: width }, () => {
      if (random.uniform() >= density) return 0;
      return signed ? random.normal() : random.uniform() + 0.01;
    }),
  );
}

/** Non-negative least squares by going down one coordinate at a time: slow, and too simple to be wrong. */
export function slowNnls({ size, gram, right }: NormalEquations, rounds: number): Float64Array {
  const x = new Float64Array(size);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < size; i++) {
      const diagonal = gram[i * size + i] ?? 0;
      if (diagonal === 0) continue;
      let slope = -(right[i] ?? 0);
      for (let j = 0; j < size; j++) slope += (gram[i * size + j] ?? 0) * (x[j] ?? 0);
      x[i] = Math.max(0, (x[i] ?? 0) - slope / diagonal);
    }
  }
  return x;
}
