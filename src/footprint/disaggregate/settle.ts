import type { SparseRows } from '../../maths/index.js';
import { beside } from '../load/beside.js';
import { combined } from '../load/combined.js';
import { type CandidateLoads, OWN_WEIGHTS, type ReducedProblem } from './candidate.js';
import { fitPower } from './fit-power.js';
import type { Observation, Sighting } from './observation.js';
import type { PowerFit } from './power-data.js';
import { refineCourse } from './refine-course.js';
import { usualWeight } from './usual-weight.js';

/** A law of the machine's power, and what each principal adds to it. */
export interface Explanation {
  /** How much of the slowing down is missing from the power, as in `progressOf`. */
  readonly part: number;
  /** False where processor time alone is the load. */
  readonly beside: boolean;
  /** Given and false where the law knows nothing of functions that slow one another down. */
  readonly contends?: false;
  /** Load of every principal: functions first, then shared ones. */
  readonly loads: SparseRows;
  readonly fit: PowerFit;
  /** What weights were held to be before the power was seen. */
  readonly prior: { readonly watts: Float64Array; readonly deviation: Float64Array };
}

/** The course of power over load and the weights are found in turns. */
const COURSE_ROUNDS = 2;
/** Where processor time is known, a function's watts may be off by this part before the power is seen. */
const PROCESSOR_DEVIATION = 0.5;
/** With more columns than this rounds cost seconds: fewer must do. */
const MANY = 4 * OWN_WEIGHTS;
const ROUNDS_OF_MANY = 1;

/** The course of power under a candidate, and the weights of the groups under it. */
export function refined({ data, options }: ReducedProblem, first: PowerFit): PowerFit {
  let fit: PowerFit | undefined;
  for (let round = 0; round < COURSE_ROUNDS; round++) {
    const before: PowerFit = fit ?? first;
    const course = refineCourse(data, before);
    if (course === undefined) break;
    fit = fitPower(data, {
      ...options,
      course,
      start: { law: { ...before.law, course }, weights: before.weights },
    });
  }
  // Where there is nothing to refine the first fit still lacks its errors.
  return fit ?? fitPower(data, { ...options, start: first, rounds: 0 });
}

/**
 * Weights of all principals under a law that was found for groups of them. `roughly` leaves every function at its group's
 * weight: enough for a rival of the law that counts, where there are many.
 */
export function settle(
  observation: Observation,
  sighting: Sighting,
  { candidate, progress, cpu, grouping }: CandidateLoads,
  fit: PowerFit,
  roughly = false,
): Explanation {
  const { shared, presence, idleWatts } = observation;
  const { groups, groupOf } = grouping;
  const ofFunctions = (from: number): Float64Array =>
    Float64Array.from(groupOf, (group) => fit.weights[from + group] ?? 0);
  // Where processor time is known, what a function draws for it and beside it becomes one load in watts: its weight is about 1.
  const own =
    cpu === undefined
      ? progress
      : combined(progress, ofFunctions(0), cpu, ofFunctions(groups + shared.width));
  const loads = beside(own, shared);
  const usual =
    cpu === undefined
      ? usualWeight(fit.weights.subarray(0, groups), fit.errors.subarray(0, groups))
      : { watts: 1, deviation: PROCESSOR_DEVIATION };
  const watts = new Float64Array(loads.width).fill(usual.watts);
  watts.set(fit.weights.subarray(groups, groups + shared.width), progress.width);
  const deviation = watts.map((value) => Math.max(value * usual.deviation, 1e-9));
  const whole = { ...candidate, loads, prior: { watts, deviation } };
  if (roughly && loads.width > MANY) {
    const weights =
      cpu === undefined ? Float64Array.from([...ofFunctions(0), ...watts.subarray(progress.width)]) : watts;
    return { ...whole, fit: { ...fit, weights } };
  }
  const data = { watts: sighting.watts, sampling: sighting.sampling, presence, loads };
  return {
    ...whole,
    fit: fitPower(data, {
      floor: true,
      bend: true,
      prior: whole.prior,
      start: { law: fit.law, weights: watts },
      ...(fit.law.course && { course: fit.law.course }),
      ...(idleWatts !== undefined && { idleWatts }),
      ...(loads.width > MANY && { rounds: ROUNDS_OF_MANY }),
    }),
  };
}
