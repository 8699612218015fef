import type { Explained, Explanation } from '../disaggregate/explain-power.js';
import { stepLoads } from '../disaggregate/fit-power.js';
import type { Observation } from '../disaggregate/observation.js';
import { slopeAt } from '../disaggregate/power-law.js';
import { counterfactualJoules } from './counterfactual.js';

/** Energies by function over a stretch of steps, with one standard error each. */
export interface Marginals {
  readonly joules: Float64Array;
  readonly errors: Float64Array;
  /** The part of the error that comes of the function's own weight, which its individual energy has as well. */
  readonly weightErrors: Float64Array;
}

/**
 * What even a law that fits leaves unsaid about a machine: the deviation, as a part, of marginal energies from the truth on
 * laboratory machines with errors of weights and laws taken out.
 */
const LAW_ERROR = 0.05;

/** Marginal energies between two steps: by the chosen law, with what the laws that predict as well say differently as error. */
export function marginals(
  observation: Observation,
  explained: Explained,
  first: number,
  last: number,
): Marginals {
  const { chosen, rivals } = explained;
  const joules = joulesUnder(observation, chosen, first, last);
  const others = rivals.map((rival) => joulesUnder(observation, rival, first, last));
  const weightErrors = weightErrorsOf(observation, chosen, first, last);
  const errors = joules.map((value, f) => {
    const spread =
      others.reduce((sum, other) => sum + ((other[f] ?? 0) - value) ** 2, 0) / Math.max(1, others.length);
    return Math.hypot(weightErrors[f] ?? 0, Math.sqrt(spread), LAW_ERROR * value);
  });
  return { joules, errors, weightErrors };
}

function joulesUnder(
  { occupancy, contention }: Observation,
  { part, loads, fit }: Explanation,
  first: number,
  last: number,
): Float64Array {
  return counterfactualJoules({
    occupancy,
    contention,
    part,
    law: fit.law,
    loads,
    weights: fit.weights,
    first,
    last,
  });
}

/** The error of each weight times what one more watt of it would come to. */
function weightErrorsOf(
  { occupancy }: Observation,
  { loads, fit }: Explanation,
  first: number,
  last: number,
): Float64Array {
  const { stepSeconds } = occupancy.steps;
  const load = stepLoads(loads, fit.weights);
  const sums = new Float64Array(occupancy.rows.width);
  for (let j = first; j < last; j++) {
    const slope = slopeAt(fit.law.bend, load[j] ?? 0) * stepSeconds;
    for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++) {
      const f = loads.column[p] ?? 0;
      if (f < sums.length) sums[f] = (sums[f] ?? 0) + slope * (loads.value[p] ?? 0);
    }
  }
  return sums.map((sum, f) => sum * (fit.errors[f] ?? 0));
}
