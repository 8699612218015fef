// Durations and sizes are multiples of their steps on paper but not in binary: 0.3 / 0.1 is a little below 3, 0.07 / 0.01 a
// little above 7, and must not be charged as 8.
const TOLERANCE = 1e-9;

/** The least multiple of `step` that is not below `value`. */
export function roundUp(value: number, step: number): number {
  const steps = value / step;
  const nearest = Math.round(steps);
  const whole = Math.abs(steps - nearest) <= TOLERANCE * Math.max(1, nearest) ? nearest : Math.ceil(steps);
  // 13 steps of a thousandth are 13 / 1000; 13 × 0.001 is a little more.
  const inverse = Math.round(1 / step);
  return Math.abs(1 / step - inverse) <= TOLERANCE && inverse > 0 ? whole / inverse : whole * step;
}
