import type { SparseRows } from '../../maths/index.js';
import { beside } from '../load/beside.js';
import { combined } from '../load/combined.js';
import { type Grouping, grouped, largestApart } from '../load/grouped.js';
import { progressOf } from '../load/progress.js';
import { responsesAround } from '../power/lag.js';
import { meanLag, type SensorResponse, samplingRows } from '../sensor/sampling.js';
import { blockErrors, rivals } from './cross-validate.js';
import { type FitOptions, fitPower, type PowerFit, sampledWatts, stepLoads } from './fit-power.js';
import type { Observation, Sighting } from './observation.js';
import { refineCourse } from './refine-course.js';

/** How much of the slowing down is missing from the power: work done alone, running time alone, and between. */
const PARTS = [1, 0.75, 0.5, 0];
/** Used while the sensor's response is looked for: it predicts well on all machines. */
const USUAL_PART = 0.75;
/** Functions with the most running time that have a weight of their own while laws are compared. */
const OWN_WEIGHTS = 24;
/** A law that predicts worse by no more than this many standard errors is held to predict as well. */
const AS_GOOD = 2;
/**
 * How far a function's watts may be from the usual before anything is seen, as a part: at least and at most. Where its CPU
 * time is known, what is usual is known better.
 */
const DEVIATION = { withUsage: [0.1, 0.5], without: [0.5, 1.5] } as const;
const FIRST_DEVIATION = 1.5;
/** The course of power over load and the weights are found in turns. */
const COURSE_ROUNDS = 2;
/** Of what a processor draws, and of what else runs beside it (disks, accelerators), while laws are compared. */
const CPU_DEVIATION = 0.5;
const BESIDE_DEVIATION = 1;
const NOTHING = 1e-6;

/** A law of the machine's power, and what each principal adds to it. */
export interface Explanation {
  readonly part: number;
  /** False where processor time alone is the load. */
  readonly beside: boolean;
  readonly loads: SparseRows;
  readonly fit: PowerFit;
  readonly prior: { readonly watts: Float64Array; readonly deviation: Float64Array };
  /** Whether the law predicts as well as the best one. */
  readonly deviations: number;
}

export interface Explained {
  readonly sighting: Sighting;
  /** The law that counts. */
  readonly chosen: Explanation;
  /** Others that predict as well: what they say differently is not known. */
  readonly rivals: readonly Explanation[];
}

export function sight(observation: Observation, response: SensorResponse): Sighting {
  const { samples, occupancy, until } = observation;
  const sampling = samplingRows(samples, occupancy.steps, response);
  const late = meanLag(response);
  const watts = samples.watts.map((value, i) =>
    (samples.ends[i] ?? 0) - late <= until ? value : Number.NaN,
  );
  return { response, sampling, watts };
}

const lawOptions = ({ idleWatts }: Observation): FitOptions => ({
  floor: true,
  bend: true,
  ...(idleWatts !== undefined && { idleWatts }),
});

/** What load may be made of. */
interface Candidate {
  readonly part: number;
  readonly beside: boolean;
}

/** The simplest first: processor time alone, where it is known. */
function candidates({ cpu }: Observation): Candidate[] {
  const others = PARTS.map((part) => ({ part, beside: true }));
  return cpu === undefined ? others : [{ part: 1, beside: false }, ...others];
}

/** Loads under a law, before weights: running time or work, and processor time where it is known. */
interface Loads {
  readonly progress: SparseRows;
  readonly cpu: SparseRows | undefined;
  readonly grouping: Grouping;
  /** Whether functions may draw more than for their processor time. */
  readonly beside: boolean;
}

function loadsFor({ occupancy, contention, cpu }: Observation, { part, beside }: Candidate): Loads {
  const progress = progressOf(occupancy, contention, part);
  return { progress, cpu, beside, grouping: largestApart(progress, OWN_WEIGHTS) };
}

/**
 * A problem small enough to be solved many times: functions with little running time are taken together. Where CPU time is
 * known, every processor is held to draw about the same, and functions may draw more for as long as they run.
 */
function reduced(
  observation: Observation,
  sighting: Sighting,
  { progress, cpu, beside: more, grouping }: Loads,
) {
  const { shared, presence } = observation;
  const { groups } = grouping;
  const running = beside(grouped(progress, grouping), shared);
  const loads = cpu === undefined ? running : beside(running, grouped(cpu, grouping));
  const data = { watts: sighting.watts, sampling: sighting.sampling, presence, loads };
  const usual = usualWatts(
    { ...data, loads: cpu === undefined ? running : grouped(cpu, grouping) },
    observation,
  );
  const watts = new Float64Array(loads.width).fill(usual);
  const deviation = new Float64Array(loads.width).fill(usual * FIRST_DEVIATION);
  if (cpu !== undefined) {
    watts.fill(0, 0, groups);
    deviation.fill(usual * (more ? BESIDE_DEVIATION : NOTHING), 0, groups);
    deviation.fill(usual * CPU_DEVIATION, groups);
  }
  return { data, options: { ...lawOptions(observation), prior: { watts, deviation } } };
}

/** Watts per load that make the mean power right if all loads were alike. */
function usualWatts(
  data: { watts: Float64Array; sampling: SparseRows; loads: SparseRows },
  { idleWatts = 0 }: Observation,
): number {
  const shown = sampledWatts(
    data.sampling,
    stepLoads(data.loads, new Float64Array(data.loads.width).fill(1)),
  );
  let [watts, load] = [0, 0];
  for (const [i, value] of shown.entries()) {
    if (!Number.isFinite(value) || !Number.isFinite(data.watts[i])) continue;
    watts += (data.watts[i] ?? 0) - idleWatts;
    load += value;
  }
  return load > 0 ? Math.max(watts / load, 1e-6) : 1e-6;
}

/** The response around a first guess with which the work explains the power best. */
export function refineResponse(observation: Observation, lagSeconds: number): SensorResponse {
  let response: SensorResponse = { delaySeconds: lagSeconds, smoothingSeconds: 0 };
  let fit: PowerFit | undefined;
  const loads = loadsFor(observation, { part: USUAL_PART, beside: true });
  for (let round = 0; round < 2; round++) {
    const { data, options } = reduced(observation, sight(observation, response), loads);
    const settled = fitPower(data, { ...options, ...(fit && { start: fit }) });
    fit = settled;
    let least = Number.POSITIVE_INFINITY;
    let best = response;
    for (const candidate of responsesAround(meanLag(response), observation.samples.intervalSeconds)) {
      const { sampling, watts } = sight(observation, candidate);
      const tried = fitPower({ ...data, sampling, watts }, { ...options, start: settled, rounds: 0 });
      const error = tried.square / tried.count;
      if (error < least) [least, best] = [error, candidate];
    }
    response = best;
  }
  return response;
}

/** Finds the law that predicts power best, and every principal's weight under it. */
export function explainPower(observation: Observation, response: SensorResponse): Explained {
  const sighting = sight(observation, response);
  const tried = candidates(observation).map((candidate) => {
    const loads = loadsFor(observation, candidate);
    const { data, options } = reduced(observation, sighting, loads);
    const fit = fitPower(data, options);
    return { ...candidate, loads, fit, errors: blockErrors(data, options, fit) };
  });
  const standing = rivals(tried.map(({ errors }) => errors));
  // Of those that predict as well as the best, the one closest to "power follows work": it holds when the load changes.
  const good = tried
    .map((one, k) => ({ ...one, deviations: standing[k]?.deviations ?? 0 }))
    .filter(({ deviations }) => deviations <= AS_GOOD);
  const [first, ...others] = good.map((one) => settle(observation, sighting, one));
  if (first === undefined) throw new RangeError('no law was tried');
  return { sighting, chosen: first, rivals: others };
}

/** Weights of all principals under a law found for the largest. */
function settle(
  observation: Observation,
  sighting: Sighting,
  {
    part,
    loads: { progress, cpu, grouping, beside: more },
    fit: law,
    deviations,
  }: {
    part: number;
    loads: Loads;
    fit: PowerFit;
    deviations: number;
  },
): Explanation {
  const { shared, presence } = observation;
  const { groups, groupOf } = grouping;
  const ofFunctions = (from: number): Float64Array =>
    Float64Array.from(groupOf, (group) => law.weights[from + group] ?? 0);
  // Where CPU time is known, what a function draws for it and beside it becomes one load in watts: its weight is about 1.
  const own =
    cpu === undefined
      ? progress
      : combined(progress, ofFunctions(0), cpu, ofFunctions(groups + shared.width));
  const loads = beside(own, shared);
  const trusted = { weights: law.weights.slice(0, groups), errors: law.errors.slice(0, groups) };
  const [usual, deviation] = cpu === undefined ? usualAndDeviation(trusted) : [1, DEVIATION.withUsage[1]];
  const watts = new Float64Array(loads.width).fill(usual);
  for (let k = 0; k < shared.width; k++) watts[progress.width + k] = law.weights[groups + k] ?? 0;
  const prior = {
    watts,
    deviation: watts.map((value) => Math.max(value * deviation, 1e-9)),
  };
  const data = { watts: sighting.watts, sampling: sighting.sampling, presence, loads };
  const options = { ...lawOptions(observation), prior, ...(loads.width > 4 * OWN_WEIGHTS && { rounds: 3 }) };
  let fit = fitPower(data, { ...options, start: { law: law.law, weights: prior.watts } });
  for (let round = 0; round < COURSE_ROUNDS; round++) {
    const course = refineCourse(data, fit);
    if (course === undefined) break;
    const law = { ...fit.law, course };
    fit = fitPower(data, { ...options, course, start: { law, weights: fit.weights } });
  }
  return { part, beside: more, loads, fit, prior, deviations };
}

/** The usual watts per load and how much functions differ in it, beyond what the errors of their weights explain. */
function usualAndDeviation({ weights, errors }: Pick<PowerFit, 'weights' | 'errors'>): [number, number] {
  const trusted = (k: number): number => 1 / Math.max(errors[k] ?? Number.POSITIVE_INFINITY, 1e-9) ** 2;
  // First weighed by how well each is known, then by how far functions differ as well.
  let [usual, spread] = [0, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 10; round++) {
    let [sum, total] = [0, 0];
    for (const [k, value] of weights.entries()) {
      const weight = 1 / (1 / trusted(k) + (Number.isFinite(spread) ? spread : 1e6 * (usual || 1)));
      sum += weight * value;
      total += weight;
    }
    usual = total > 0 ? sum / total : 0;
    let squares = 0;
    let noise = 0;
    for (const [k, value] of weights.entries()) {
      squares += (value - usual) ** 2;
      noise += Math.min(1 / trusted(k), (value - usual) ** 2);
    }
    spread = Math.max(0, (squares - noise) / Math.max(1, weights.length - 1));
  }
  const [least, most] = DEVIATION.without;
  const part = usual > 0 ? Math.sqrt(spread) / usual : most;
  return [Math.max(usual, 1e-6), Math.min(most, Math.max(least, part))];
}
