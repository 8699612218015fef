import { isFeasible, objectiveOf, type Picks, type Problem } from './problem.js';

export interface Incumbent {
  readonly picks: Picks;
  readonly value: number;
}

/** The best picks so far that keep all limits, made better where changing one stage, or two at once, does that. */
export class Incumbents {
  readonly #problem: Problem;
  #best: Incumbent | undefined;
  readonly #seen = new Set<string>();

  constructor(problem: Problem) {
    this.#problem = problem;
  }

  get best(): Incumbent | undefined {
    return this.#best;
  }

  offer(picks: Picks): void {
    const key = picks.join();
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (!isFeasible(this.#problem, picks)) return;
    const value = objectiveOf(this.#problem, picks);
    if (this.#best === undefined || value < this.#best.value) this.#best = { picks, value };
  }

  /** Changes one stage at a time as long as that helps. */
  polish(): void {
    for (let from = this.#best; from !== undefined; ) {
      for (const [stage, options] of this.#problem.options.entries())
        for (const place of options.keys()) this.offer((this.#best ?? from).picks.with(stage, place));
      if (this.#best === undefined || this.#best.value >= from.value) return;
      from = this.#best;
    }
  }
}
