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

/**
 * Adds to `length` entries of `to` the sum of stretches of `from`, each times its factor. Four stretches at a time, so
 * that what is added to is loaded and stored a quarter as often.
 */
export function addCombination(
  to: Float64Array,
  offset: number,
  length: number,
  from: Float64Array,
  offsets: ArrayLike<number>,
  factors: ArrayLike<number>,
): void {
  const whole = offsets.length & ~3;
  for (let p = 0; p < whole; p += 4) {
    const [a, b, c, d] = [factors[p] ?? 0, factors[p + 1] ?? 0, factors[p + 2] ?? 0, factors[p + 3] ?? 0];
    const [fromA, fromB] = [offsets[p] ?? 0, offsets[p + 1] ?? 0];
    const [fromC, fromD] = [offsets[p + 2] ?? 0, offsets[p + 3] ?? 0];
    for (let i = 0; i < length; i++) {
      const left = a * (from[fromA + i] ?? 0) + b * (from[fromB + i] ?? 0);
      const right = c * (from[fromC + i] ?? 0) + d * (from[fromD + i] ?? 0);
      to[offset + i] = (to[offset + i] ?? 0) + (left + right);
    }
  }
  for (let p = whole; p < offsets.length; p++)
    addScaled(to, factors[p] ?? 0, from, length, offset, offsets[p] ?? 0);
}
