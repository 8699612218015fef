import { nnls } from '../../maths/index.js';

/** Distances below this part of the range are rounding. */
const TOLERANCE = 1e-4;

/**
 * Whether a point lies within the hull of others: whether it is a mean of them, weighted by what is not negative. Each
 * coordinate should be of order 1.
 */
export function isWithinHull(points: readonly (readonly number[])[], point: readonly number[]): boolean {
  const size = points.length;
  const homogeneous = (coordinates: readonly number[]): number[] => [
    ...coordinates.map((value, k) => value - (point[k] ?? 0)),
    1,
  ];
  const columns = points.map(homogeneous);
  const target = [...point.map(() => 0), 1];
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
  const gram = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const value = product(columns[i] ?? [], columns[j] ?? []);
      gram[i * size + j] = value;
      gram[j * size + i] = value;
    }
  const right = Float64Array.from(columns, (column) => product(column, target));
  const { x } = nnls({ size, gram, right, square: 1, count: target.length });
  const reached = target.map((value, k) =>
    columns.reduce((sum, column, i) => sum + (x[i] ?? 0) * (column[k] ?? 0), -value),
  );
  return Math.hypot(...reached) < TOLERANCE;
}
