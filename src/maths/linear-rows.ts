/** Rows to fit a line through: a column each for the features, one for the target. */
export interface LinearRows {
  readonly features: readonly Float64Array[];
  readonly target: Float64Array;
  /** How much each row counts; 1 where not given. */
  readonly weights?: Float64Array | undefined;
}

/** target ≈ intercept + Σ coefficients[k] · features[k]. */
export interface LinearFit {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

export function predictRow(
  { coefficients, intercept }: LinearFit,
  features: readonly Float64Array[],
  row: number,
): number {
  let sum = intercept;
  for (let k = 0; k < coefficients.length; k++)
    sum += (coefficients[k] ?? 0) * (features[k]?.[row] ?? Number.NaN);
  return sum;
}

/** Rows that say something: all figures finite, and a weight above zero. */
export function soundRows({ features, target, weights }: LinearRows): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < target.length; row++) {
    const weight = weights?.[row] ?? 1;
    const sound =
      weight > 0 &&
      Number.isFinite(weight) &&
      Number.isFinite(target[row]) &&
      features.every((column) => Number.isFinite(column[row]));
    if (sound) rows.push(row);
  }
  return Uint32Array.from(rows);
}

const pick = (column: Float64Array, rows: ArrayLike<number>): Float64Array =>
  Float64Array.from(rows, (row) => column[row] ?? Number.NaN);

export const pickRows = ({ features, target, weights }: LinearRows, rows: ArrayLike<number>): LinearRows => ({
  features: features.map((column) => pick(column, rows)),
  target: pick(target, rows),
  ...(weights === undefined ? {} : { weights: pick(weights, rows) }),
});

/** Mean and deviation of a column; the deviation of one that never changes is 0. */
export function momentsOf(column: Float64Array, weights?: Float64Array): { mean: number; deviation: number } {
  let [total, sum] = [0, 0];
  for (const [row, value] of column.entries()) {
    const weight = weights?.[row] ?? 1;
    total += weight;
    sum += weight * value;
  }
  const mean = sum / total;
  let square = 0;
  for (const [row, value] of column.entries()) square += (weights?.[row] ?? 1) * (value - mean) ** 2;
  const deviation = Math.sqrt(square / total);
  // What rounding alone leaves is no variation.
  return { mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 0 };
}
