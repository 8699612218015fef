/** Σ a[i]·b[i] over `length` entries from an offset in each. Four sums side by side, so that one addition needn't wait for another. */
export function dot(
  a: Float64Array,
  b: Float64Array,
  length: number,
  offsetA: number,
  offsetB: number,
): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = length & ~3;
  let i = 0;
  for (; i < whole; i += 4) {
    s0 += (a[offsetA + i] ?? 0) * (b[offsetB + i] ?? 0);
    s1 += (a[offsetA + i + 1] ?? 0) * (b[offsetB + i + 1] ?? 0);
    s2 += (a[offsetA + i + 2] ?? 0) * (b[offsetB + i + 2] ?? 0);
    s3 += (a[offsetA + i + 3] ?? 0) * (b[offsetB + i + 3] ?? 0);
  }
  for (; i < length; i++) s0 += (a[offsetA + i] ?? 0) * (b[offsetB + i] ?? 0);
  return s0 + s1 + (s2 + s3);
}

/** Adds `factor` times `length` entries of `from` to those of `to`. */
export function addScaled(
  to: Float64Array,
  factor: number,
  from: Float64Array,
  length: number,
  offsetTo: number,
  offsetFrom: number,
): void {
  for (let i = 0; i < length; i++)
    to[offsetTo + i] = (to[offsetTo + i] ?? 0) + factor * (from[offsetFrom + i] ?? 0);
}
