import type { SparseRows } from '../../maths/index.js';
import { beside } from '../load/beside.js';
import { type Grouping, grouped, largestApart } from '../load/grouped.js';
import { progressOf } from '../load/progress.js';
import { meanWattsPerLoad } from './mean-watts.js';
import type { Observation, Sighting } from './observation.js';
import type { FitOptions, PowerData } from './power-data.js';

/** What load may be made of. */
export interface Candidate {
  /** How much of the slowing down is missing from the power, as in `progressOf`. */
  readonly part: number;
  /** Whether functions may draw for as long as they run, and not for their processor time alone. */
  readonly beside: boolean;
}

/** Work done alone, running time alone, and between. */
const PARTS = [1, 0.75, 0.5, 0];
/** Used while the sensor's response is looked for: it predicts well on all machines. */
export const USUAL_CANDIDATE: Candidate = { part: 0.75, beside: true };

/** The simplest and most physical first: processor time alone, where it is known; then work done. */
export function candidatesFor({ cpu }: Observation): Candidate[] {
  const others = PARTS.map((part) => ({ part, beside: true }));
  return cpu === undefined ? others : [{ part: 1, beside: false }, ...others];
}

/** Loads under a candidate, before weights. */
export interface CandidateLoads {
  readonly candidate: Candidate;
  readonly progress: SparseRows;
  readonly cpu: SparseRows | undefined;
  readonly grouping: Grouping;
}

/** Functions with the most running time that have a weight of their own while candidates are compared. */
export const OWN_WEIGHTS = 24;

export function loadsFor({ occupancy, contention, cpu }: Observation, candidate: Candidate): CandidateLoads {
  const progress = progressOf(occupancy, contention, candidate.part);
  return { candidate, progress, cpu, grouping: largestApart(progress, OWN_WEIGHTS) };
}

/** How far weights may be from the usual before anything is seen, as parts of it: of running time; of processor time, and beside it. */
const DEVIATION = { running: 1.5, processor: 0.5, beside: 1, none: 1e-6 };

export interface ReducedProblem {
  readonly data: PowerData;
  readonly options: FitOptions;
}

/**
 * A problem small enough to be solved many times: functions with little running time are taken together. Where processor
 * time is known, every processor is held to draw about the same, and functions may draw more for as long as they run.
 * Columns are the groups' running time, shared principals, and the groups' processor time.
 */
export function reducedProblem(
  observation: Observation,
  sighting: Sighting,
  { candidate, progress, cpu, grouping }: CandidateLoads,
): ReducedProblem {
  const { shared, presence, idleWatts } = observation;
  const { groups } = grouping;
  const running = beside(grouped(progress, grouping), shared);
  const processors = cpu && grouped(cpu, grouping);
  const loads = processors === undefined ? running : beside(running, processors);
  const data = { watts: sighting.watts, sampling: sighting.sampling, presence, loads };
  const usual = Math.max(
    LEAST_WATTS,
    meanWattsPerLoad({ ...data, loads: processors ?? running }, idleWatts ?? 0),
  );
  const watts = new Float64Array(loads.width).fill(usual);
  const deviation = new Float64Array(loads.width).fill(usual * DEVIATION.running);
  if (processors !== undefined) {
    watts.fill(0, 0, groups);
    deviation.fill(usual * (candidate.beside ? DEVIATION.beside : DEVIATION.none), 0, groups);
    deviation.fill(usual * DEVIATION.processor, groups);
  }
  return {
    data,
    options: {
      floor: true,
      bend: true,
      prior: { watts, deviation },
      ...(idleWatts !== undefined && { idleWatts }),
    },
  };
}

/** However little is drawn, priors have a size. */
const LEAST_WATTS = 1e-6;
