import type { Domain, SourceName } from '../../model/index.js';
import { IdleLearner } from '../idle.js';

/** Learns what a machine draws idle while it runs. */
export interface IdlePower {
  /** Takes a tick's power and utilisation (0 to 1), and returns the idle power as far as it is known. */
  learn(source: SourceName, domain: Domain, watts: number, utilisation: number): number | undefined;
}

/** Idle power learnt in quiet ticks, for each source and domain by itself. */
export class LearntIdlePower implements IdlePower {
  readonly #learners = new Map<string, IdleLearner>();

  learn(source: SourceName, domain: Domain, watts: number, utilisation: number): number | undefined {
    const key = `${source} ${domain}`;
    const learner = this.#learners.get(key) ?? new IdleLearner();
    this.#learners.set(key, learner);
    learner.add(watts, utilisation);
    return learner.estimate?.value;
  }
}
