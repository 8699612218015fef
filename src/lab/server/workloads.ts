import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Random } from '../../maths/index.js';
import { cloudWorkload } from './cloud-workload.js';
import type { Machine } from './machine.js';
import { type RandomWorkloadOptions, randomWorkload } from './random-workload.js';
import type { Workload } from './workload.js';

/** Workloads that can be asked for by name, and what they are like. */
export const WORKLOADS = {
  mixed:
    'functions of all kinds; some come at random, some in waves, in bursts or by the clock, some appear or vanish',
  steady: 'arrivals at any moment, independently of one another',
  bursty: 'bursts and silence take turns',
  periodic: 'every function by the clock',
  changing: 'every function appears or vanishes in the course of the run',
  azure: 'few functions get most invocations, and rates change from minute to minute',
  full: 'more than the machine can do: it is busy without a pause',
} as const;

export type WorkloadName = keyof typeof WORKLOADS;

export interface NamedWorkloadOptions {
  readonly durationSeconds: number;
  readonly functions: number;
  /** Of the machine, on average; each workload has its own where absent. */
  readonly load?: number;
  /** About so many; of `azure` alone. */
  readonly invocations?: number;
}

const USUAL_LOAD = 0.4;
/** Above 1, so that there is always somebody who waits. */
const FULL_LOAD = 1.15;
/** Beyond this a run goes on for many times its duration, until all that waits is done. */
const HIGHEST_LOAD = 10;

const PECULIARITIES: Readonly<Record<Exclude<WorkloadName, 'azure'>, Partial<RandomWorkloadOptions>>> = {
  mixed: {},
  steady: { arrivals: 'poisson', passing: 0 },
  bursty: { arrivals: 'bursty', passing: 0 },
  periodic: { arrivals: 'periodic', passing: 0 },
  changing: { passing: 1 },
  full: { arrivals: 'poisson', passing: 0, load: FULL_LOAD },
};

/** A workload by its name; chance decides what its functions are. */
export function namedWorkload(
  name: WorkloadName,
  random: Random,
  machine: Machine,
  options: NamedWorkloadOptions,
): Workload {
  const { durationSeconds, functions, load, invocations } = options;
  if (load !== undefined && !(load > 0 && load <= HIGHEST_LOAD)) {
    throw new WattloopError(ErrorCode.badUsage, `a workload needs a load above 0 and up to ${HIGHEST_LOAD}`, {
      remedy: '1 is all that the machine can do',
    });
  }
  if (invocations === 0)
    throw new WattloopError(ErrorCode.badUsage, 'a workload needs invocations', {
      remedy: 'Ask for 1 or more',
    });
  if (name === 'azure')
    return cloudWorkload(random, machine, {
      durationSeconds,
      functions,
      load: load ?? USUAL_LOAD,
      invocations,
    });
  const own = PECULIARITIES[name];
  return randomWorkload(random, machine, {
    durationSeconds,
    functions,
    highestRate: Number.POSITIVE_INFINITY,
    ...own,
    load: load ?? own.load ?? USUAL_LOAD,
  });
}
