import { median } from '../../maths/index.js';

const REMEMBERED = 101;

export interface StragglerRule {
  readonly enabled: boolean;
  /** Times the stage's median. */
  readonly factor: number;
  readonly minimumSeconds: number;
}

/** Knows how long a stage's invocations usually take, and so which takes suspiciously long. */
export class Stragglers {
  readonly #rule: StragglerRule;
  readonly #partitions: number;
  /** The latest ones: what is usual may change as the run goes on. */
  readonly #seconds: number[] = [];
  #finished = 0;

  constructor(rule: StragglerRule, partitions: number) {
    this.#rule = rule;
    this.#partitions = partitions;
  }

  finish(seconds: number): void {
    this.#seconds[this.#finished % REMEMBERED] = seconds;
    this.#finished++;
  }

  /** How long an invocation may take before it is one; undefined while too few have finished to say. */
  get limitSeconds(): number | undefined {
    const { enabled, factor, minimumSeconds } = this.#rule;
    if (!enabled || this.#finished < 3 || this.#finished < this.#partitions / 2) return undefined;
    return Math.max(minimumSeconds, factor * median(this.#seconds));
  }
}
