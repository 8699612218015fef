import type { Domain, SourceName } from '../../model/index.js';
import { IdleLearner } from '../compare/idle.js';

/** Learns what a machine draws idle while it runs. */
export interface IdlePower {
  /** Takes a tick's power and utilisation (0 to 1), and returns the idle power as far as it is known. */
  learn(source: SourceName, domain: Domain, watts: number, utilisation: number): number | undefined;
}

/** Learnt from the quietest ticks, for each source and domain apart. */
export class LearntIdlePower implements IdlePower {
  readonly #learners = new Map<string, { learner: IdleLearner; watts: number | undefined }>();

  learn(source: SourceName, domain: Domain, watts: number, utilisation: number): number | undefined {
    const key = `${source} ${domain}`;
    const entry = this.#learners.get(key) ?? { learner: new IdleLearner(), watts: undefined };
    this.#learners.set(key, entry);
    // Busy ticks teach nothing, and an estimate is not free.
    if (entry.learner.add(watts, utilisation)) entry.watts = entry.learner.estimate?.value;
    return entry.watts;
  }
}
