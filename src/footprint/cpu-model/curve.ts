/**
 * Power that comes with the first work and then grows ever less: uncore and package awake, turbo given up as cores fill.
 * It has reached 63 % of `watts` with `cores` of them busy.
 */
export interface CurveTerm {
  readonly cores: number;
  readonly watts: number;
}

/** Where terms bend. Their sum with weights above zero is any curve that rises and flattens, near enough. */
const CURVE_CORES = [0.25, 1, 4, 16] as const;

/** How much of a term there is with so many cores busy: 0 to 1. */
export const curvePart = (cores: number, busyCores: number): number => -Math.expm1(-busyCores / cores);

export const curveWatts = (curve: readonly CurveTerm[], busyCores: number): number =>
  curve.reduce((sum, { cores, watts }) => sum + watts * curvePart(cores, busyCores), 0);

/** Rows on both sides of a bend that it takes to see it. */
const MIN_ROWS_A_SIDE = 10;

/** The bends that rows can tell of: some are well below, some beyond. What lies below all rows would be guessed. */
export function visibleBends(busyCores: Float64Array): number[] {
  return CURVE_CORES.filter((cores) => {
    let [below, beyond] = [0, 0];
    for (const busy of busyCores) {
      if (busy < cores / 2) below++;
      if (busy > cores) beyond++;
    }
    return below >= MIN_ROWS_A_SIDE && beyond >= MIN_ROWS_A_SIDE;
  });
}
