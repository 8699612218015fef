import type { Finding } from '../account.js';
import type { SensorResponse } from '../sensor/sampling.js';
import { candidatesFor, loadsFor, reducedProblem } from './candidate.js';
import { blockErrors, rivals } from './cross-validate.js';
import { fitPower } from './fit-power.js';
import type { Observation, Sighting } from './observation.js';
import { type Explanation, refined, settle } from './settle.js';
import { sight } from './sight.js';

export interface Explained {
  readonly sighting: Sighting;
  /** The law that counts. */
  readonly chosen: Explanation;
  /** Others that predict as well: what they say differently is not known. */
  readonly rivals: readonly Explanation[];
  /** How it was done, where that is not a law's. */
  readonly method?: string;
  readonly findings?: readonly Finding[];
}

/** A law that predicts worse by no more than this many standard errors is held to predict as well. */
const AS_GOOD = 2;

/**
 * Finds the law that predicts power, and every principal's weight under it. Of those that predict as well as the best, the
 * one closest to "power follows work" counts: it holds when the load changes.
 */
export function explainPower(observation: Observation, response: SensorResponse): Explained {
  const sighting = sight(observation, response);
  const tried = candidatesFor(observation).map((candidate) => {
    const loads = loadsFor(observation, candidate);
    const problem = reducedProblem(observation, sighting, loads);
    const fit = fitPower(problem.data, { ...problem.options, errors: false });
    return { loads, problem, fit, errors: blockErrors(problem.data, problem.options, fit) };
  });
  const standing = rivals(tried.map(({ errors }) => errors));
  const good = tried.filter((_, k) => (standing[k]?.deviations ?? 0) <= AS_GOOD);
  const [chosen, ...others] = good.map(({ loads, problem, fit }, rank) =>
    settle(observation, sighting, loads, refined(problem, fit), rank > 0),
  );
  if (chosen === undefined) throw new RangeError('no law was tried');
  return { sighting, chosen, rivals: others };
}
