/**
 * Power of a processor by load, as fractions of its design power: Teads' curve, measured on servers of AWS. Concave: the
 * first busy core wakes what all cores share, so it costs the most.
 */
const CURVE: readonly (readonly [load: number, fraction: number])[] = [
  [0, 0.12],
  [0.1, 0.32],
  [0.5, 0.75],
  [1, 1.02],
];
export const IDLE_FRACTION = 0.12;
export const FULL_FRACTION = 1.02;

const clamped = (load: number): number => Math.min(1, Math.max(0, load));

/** Linear between the points: it keeps the curve monotone and concave, which a cubic through them would not. */
export function loadFraction(load: number): number {
  const x = clamped(load);
  for (let i = 1; i < CURVE.length; i++) {
    const [x0, y0] = CURVE[i - 1] ?? [0, IDLE_FRACTION];
    const [x1, y1] = CURVE[i] ?? [1, FULL_FRACTION];
    if (x <= x1) return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
  }
  return FULL_FRACTION;
}

/** How far power has risen from idle (0) to full (1) at a load. */
export const curveShape = (load: number): number =>
  (loadFraction(load) - IDLE_FRACTION) / (FULL_FRACTION - IDLE_FRACTION);

/** The same for a part of a processor whose other parts belong to others: what they do sets where on the curve it is. */
export const linearShape = clamped;
