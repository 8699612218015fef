import type { Explained } from '../disaggregate/explain-power.js';
import { stepLoads } from '../disaggregate/fit-power.js';
import type { Observation } from '../disaggregate/observation.js';
import { loadWatts, slopeAt } from '../disaggregate/power-law.js';
import type { Explanation } from '../disaggregate/settle.js';
import { LAW_ERROR } from '../law-error.js';
import type { Occupancy } from '../load/occupancy.js';
import { counterfactualJoules } from './counterfactual.js';
import { freedProcessorsJoules } from './freed-processors.js';
import { unseenLoadErrors } from './unseen-load.js';

/** Energies by function over a stretch of steps, with one standard error each. */
export interface Marginals {
  readonly joules: Float64Array;
  readonly errors: Float64Array;
  /** Of individual energies without the floor: what comes of the function's own weight. */
  readonly individualErrors: Float64Array;
}

/**
 * Marginal energies between two steps: by the chosen law, with what the laws that predict as well say differently as error.
 * Without a function the control plane would not have worked for its `invocations` either.
 */
export function marginals(
  observation: Observation,
  explained: Explained,
  invocations: Float64Array,
  [first, last]: readonly [number, number],
): Marginals {
  const { chosen, rivals } = explained;
  const under = (explanation: Explanation): Float64Array =>
    joulesUnder(observation, explanation, invocations, first, last);
  const joules = under(chosen);
  const others = rivals.map(under);
  const weightErrors = weightErrorsOf(observation, chosen, first, last);
  const unseen = unseenLoadErrors(observation, explained.sighting, chosen, [first, last]);
  const errors = joules.map((value, f) => {
    const spread =
      others.reduce((sum, other) => sum + ((other[f] ?? 0) - value) ** 2, 0) / Math.max(1, others.length);
    return Math.hypot(weightErrors[f] ?? 0, Math.sqrt(spread), LAW_ERROR * value, unseen[f] ?? 0);
  });
  return { joules, errors, individualErrors: individualErrorsOf(observation, chosen, first, last) };
}

function joulesUnder(
  { occupancy, contention: learnt, controlPlane }: Observation,
  { part, beside, contends, loads, fit }: Explanation,
  invocations: Float64Array,
  first: number,
  last: number,
): Float64Array {
  const { law, weights } = fit;
  // A published law says that energy is watts times running time, whoever else runs: it is taken at its word.
  const contention =
    contends === false ? { ...learnt, sensitivity: learnt.sensitivity.map(() => 0) } : learnt;
  const input = { occupancy, contention, law, loads, weights, first, last };
  const own = beside ? counterfactualJoules({ ...input, part }) : freedProcessorsJoules(input);
  if (controlPlane === undefined) return own;
  const all = invocations.reduce((sum, count) => sum + count, 0);
  const column = occupancy.rows.width + controlPlane;
  const each =
    ((perWatt(occupancy, { loads, fit }, first, last)[column] ?? 0) * (weights[column] ?? 0)) /
    Math.max(1, all);
  return own.map((joules, f) => joules + each * (invocations[f] ?? 0));
}

/** The error of each weight times what one more watt of it would come to. */
function weightErrorsOf(
  { occupancy }: Observation,
  explanation: Explanation,
  first: number,
  last: number,
): Float64Array {
  const sums = perWatt(occupancy, explanation, first, last).subarray(0, occupancy.rows.width);
  return sums.map((sum, f) => sum * (explanation.fit.errors[f] ?? 0));
}

/**
 * The same of the energy that a function is given: what is drawn is divided in proportion to loads, so that more of a weight
 * takes from the others what the machine doesn't draw more. On a full machine that is all of it.
 */
function individualErrorsOf(
  { occupancy: { rows, steps } }: Observation,
  { loads, fit: { law, weights, errors } }: Explanation,
  first: number,
  last: number,
): Float64Array {
  const load = stepLoads(loads, weights);
  const sums = new Float64Array(rows.width);
  for (let j = first; j < last; j++) {
    const all = load[j] ?? 0;
    const slope = slopeAt(law, all);
    const mean = all > 0 ? loadWatts(law, all) / all : slope;
    for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++) {
      const f = loads.column[p] ?? 0;
      if (f >= rows.width) break;
      const value = loads.value[p] ?? 0;
      const share = all > 0 ? (value * (weights[f] ?? 0)) / all : 0;
      sums[f] = (sums[f] ?? 0) + value * (mean * (1 - share) + slope * share) * steps.stepSeconds;
    }
  }
  return sums.map((sum, f) => sum * (errors[f] ?? 0));
}

/** By how many joules the machine would draw more if a principal's weight were one watt more. */
function perWatt(
  { steps }: Occupancy,
  { loads, fit }: Pick<Explanation, 'loads' | 'fit'>,
  first: number,
  last: number,
): Float64Array {
  const load = stepLoads(loads, fit.weights);
  const sums = new Float64Array(loads.width);
  for (let j = first; j < last; j++) {
    const slope = slopeAt(fit.law, load[j] ?? 0) * steps.stepSeconds;
    for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++) {
      const who = loads.column[p] ?? 0;
      sums[who] = (sums[who] ?? 0) + slope * (loads.value[p] ?? 0);
    }
  }
  return sums;
}
