/** Mean and standard deviation of the values that are any; NaN where there are too few (one, two). */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Of the sample: over n - 1. */
  readonly deviation: number;
}

/** In two passes, so that a large mean takes nothing from a small deviation. */
export function moments(values: ArrayLike<number>): Moments {
  let [count, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
  }
  const mean = count > 0 ? sum / count : Number.NaN;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  return { count, mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN };
}
