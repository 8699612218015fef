import type { Observation } from '../disaggregate/observation.js';
import type { Marginals } from './marginals.js';

/** Marginal energies with what each function took on the accelerator: without it, that would not have been drawn. */
export function withAccelerator(
  { joules, errors, individualErrors }: Marginals,
  { accelerator, occupancy: { steps } }: Observation,
  [first, last]: readonly [number, number],
): Marginals {
  if (accelerator === undefined) return { joules, errors, individualErrors };
  const { rowStart, column, value, width } = accelerator.functions;
  const own = new Float64Array(width);
  for (let p = rowStart[first] ?? 0; p < (rowStart[last] ?? 0); p++)
    own[column[p] ?? 0] = (own[column[p] ?? 0] ?? 0) + (value[p] ?? 0) * steps.stepSeconds;
  const error = (f: number): number => (own[f] ?? 0) * (accelerator.relativeErrors[f] ?? 0);
  return {
    joules: joules.map((value, f) => value + (own[f] ?? 0)),
    errors: errors.map((value, f) => Math.hypot(value, error(f))),
    individualErrors: individualErrors.map((value, f) => Math.hypot(value, error(f))),
  };
}
