import { z } from 'zod';
import { ErrorCode, WattloopError } from '../../base/index.js';
import { type Estimate, quantileSorted, robustMean, sorted } from '../../maths/index.js';

/** The power of the machine when it does nothing. */
export interface IdleEstimate extends Estimate {
  /** Samples that it rests on. */
  readonly count: number;
  /** From a time when nothing ran, or learnt from the quietest moments of a machine at work. */
  readonly method: 'measured' | 'learnt';
}

const MIN_SAMPLES = 10;

/**
 * Idle power from samples taken while nothing ran: their mean, with those far off counting less, since no machine is
 * left alone for long. Undefined below ten samples.
 */
export function measuredIdle(watts: readonly number[]): IdleEstimate | undefined {
  const good = watts.filter((value) => Number.isFinite(value) && value >= 0);
  if (good.length < MIN_SAMPLES) return undefined;
  return { ...robustMean(good), count: good.length, method: 'measured' };
}

export interface IdleLearnerOptions {
  /** Seconds with a utilisation (0 to 1) above this are no candidates. */
  readonly maxUtilisation?: number;
  /** Which part of the candidates is held to be below idle power, by noise alone. */
  readonly quantile?: number;
  /** Candidates needed before anything is said. */
  readonly minCount?: number;
  /** Candidates that are remembered: the latest. */
  readonly capacity?: number;
}

const DEFAULTS = { maxUtilisation: 0.03, quantile: 0.25, minCount: 30, capacity: 1000 };

const stateSchema = z.strictObject({
  version: z.literal(1),
  watts: z.array(z.number().nonnegative()),
});

/** What a learner knows, as plain JSON. */
export type LearntIdleState = z.output<typeof stateSchema>;

/**
 * Learns idle power beside the work: a low quantile of the power in seconds of little use. A quantile, since even quiet
 * seconds hold some work, which only ever adds; not the least, which is noise.
 */
export class IdleLearner {
  readonly #options: Required<IdleLearnerOptions>;
  /** The latest candidates, oldest first. */
  #watts: number[] = [];

  constructor(options: IdleLearnerOptions = {}, state?: unknown) {
    this.#options = { ...DEFAULTS, ...options };
    if (state === undefined) return;
    const parsed = stateSchema.safeParse(state);
    if (!parsed.success) {
      throw new WattloopError(ErrorCode.badInput, 'the saved idle power is not what this version writes', {
        remedy: 'Start without it: idle power is learnt again',
        cause: parsed.error,
      });
    }
    this.#watts = parsed.data.watts.slice(-this.#options.capacity);
  }

  /** Takes a second's mean power and the part of all processors' time that was busy in it. True when it was a quiet one. */
  add(watts: number, utilisation: number): boolean {
    const { maxUtilisation, capacity } = this.#options;
    if (!(watts >= 0 && Number.isFinite(watts) && utilisation >= 0 && utilisation <= maxUtilisation))
      return false;
    this.#watts.push(watts);
    if (this.#watts.length > capacity) this.#watts.shift();
    return true;
  }

  /** Absent until enough quiet seconds were seen. */
  get estimate(): IdleEstimate | undefined {
    const { minCount, quantile } = this.#options;
    const count = this.#watts.length;
    if (count < minCount) return undefined;
    const ordered = sorted(this.#watts);
    // Between the ranks one deviation below and above the quantile's lie two standard errors, whatever the distribution.
    const ranks = Math.sqrt((quantile * (1 - quantile)) / count);
    const spread = quantileSorted(ordered, quantile + ranks) - quantileSorted(ordered, quantile - ranks);
    return { value: quantileSorted(ordered, quantile), standardError: spread / 2, count, method: 'learnt' };
  }

  toJSON(): LearntIdleState {
    return { version: 1, watts: [...this.#watts] };
  }
}
