import type { Explained } from '../disaggregate/explain-power.js';
import type { Observation } from '../disaggregate/observation.js';
import { loadWatts, type PowerLaw, slopeAt } from '../disaggregate/power-law.js';
import type { Explanation } from '../disaggregate/settle.js';
import { stepLoads } from '../disaggregate/shown-power.js';
import { LAW_ERROR } from '../law-error.js';
import { waitingPart } from '../load/progress.js';
import { counterfactualJoules } from './counterfactual.js';
import { freedProcessorsJoules } from './freed-processors.js';
import { steadyLoadErrors } from './steady-errors.js';
import { unseenLoadErrors } from './unseen-load.js';

/** Energies by function over a stretch of steps, with one standard error each. */
export interface Marginals {
  readonly joules: Float64Array;
  readonly errors: Float64Array;
  /** Errors of individual energies that come of the functions' own weights. */
  readonly individualErrors: Float64Array;
}

/** The stretch that is looked at: from the first step to before the last. */
type Stretch = readonly [number, number];

/**
 * Marginal energies in a stretch: by the chosen law. What the laws that predict as well say differently is in the error, and
 * so is half of what the two ways differ in which others may use what a function leaves free.
 */
export function marginals(
  observation: Observation,
  explained: Explained,
  invocations: Float64Array,
  stretch: Stretch,
): Marginals {
  const { chosen, rivals } = explained;
  const width = observation.occupancy.rows.width;
  const { joules, apart } = under(observation, chosen, invocations, stretch);
  const others = rivals.map((rival) => under(observation, rival, invocations, stretch).joules);
  const atTheMargin = perWatt(observation, chosen, stretch, (law, load) => slopeAt(law, load));
  const onAverage = perWatt(observation, chosen, stretch, meanSlope);
  const unseen = unseenLoadErrors(observation, explained.sighting, chosen, stretch);
  const weightError = (f: number): number => chosen.fit.errors[f] ?? 0;
  const steady = steadyLoadErrors(observation, explained.sighting, chosen, stretch);
  return {
    joules,
    errors: joules.map((value, f) => {
      const squares = others.reduce((sum, other) => sum + ((other[f] ?? 0) - value) ** 2, 0);
      return Math.hypot(
        weightError(f) * (atTheMargin[f] ?? 0),
        Math.sqrt(squares / Math.max(1, others.length)),
        (apart[f] ?? 0) / 2,
        unseen[f] ?? 0,
        steady[f] ?? 0,
        LAW_ERROR * value,
      );
    }),
    individualErrors: onAverage.subarray(0, width).map((joulesPerWatt, f) => weightError(f) * joulesPerWatt),
  };
}

/**
 * Marginal energies under one law, and how far apart the two ways are to get there. Where load is processor time, others
 * take freed processors at once. Else they are thinned out evenly, and the more of their time is waiting, the more of it is
 * work done faster: half-way on a machine where all but nothing is waiting.
 */
function under(
  observation: Observation,
  explanation: Explanation,
  invocations: Float64Array,
  stretch: Stretch,
): { readonly joules: Float64Array; readonly apart: Float64Array } {
  const { occupancy, contention: learnt, controlPlane } = observation;
  const { part, beside, contends, loads, fit } = explanation;
  const { law, weights } = fit;
  const [first, last] = stretch;
  // A published law says that energy is watts times running time, whoever else runs: it is taken at its word.
  const contention =
    contends === false ? { ...learnt, sensitivity: learnt.sensitivity.map(() => 0) } : learnt;
  const input = { occupancy, contention, law, loads, weights, first, last };
  const thinned = counterfactualJoules({ ...input, part });
  const faster = freedProcessorsJoules(input);
  const towards = beside ? waitingPart(occupancy, contention) / 2 : 1;
  const apart = thinned.map((joules, f) => Math.abs((faster[f] ?? 0) - joules));
  const own = thinned.map((joules, f) => joules + towards * ((faster[f] ?? 0) - joules));
  if (controlPlane === undefined) return { joules: own, apart };
  // Without a function the control plane would not have worked for its invocations either.
  const column = occupancy.rows.width + controlPlane;
  const sums = perWatt(observation, explanation, stretch, (of, load) => slopeAt(of, load));
  const all = invocations.reduce((sum, count) => sum + count, 0);
  const each = ((sums[column] ?? 0) * (weights[column] ?? 0)) / Math.max(1, all);
  return { apart, joules: own.map((joules, f) => joules + each * (invocations[f] ?? 0)) };
}

/** What a load draws on average, per watt of it; where it is held to be none, what its first would. */
const meanSlope = (law: PowerLaw, load: number): number =>
  load > 0 ? loadWatts(law, load) / load : slopeAt(law, 0);

/** By how many joules the machine would draw more if a principal's weight were one watt more, at the slope that is asked about. */
function perWatt(
  { occupancy: { steps } }: Observation,
  { loads, fit }: Explanation,
  [first, last]: Stretch,
  slope: (law: PowerLaw, load: number) => number,
): Float64Array {
  const load = stepLoads(loads, fit.weights);
  const sums = new Float64Array(loads.width);
  for (let j = first; j < last; j++) {
    const of = load[j] ?? 0;
    const joules = slope(fit.law, of) * steps.stepSeconds;
    for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++) {
      const who = loads.column[p] ?? 0;
      sums[who] = (sums[who] ?? 0) + joules * (loads.value[p] ?? 0);
    }
  }
  return sums;
}
