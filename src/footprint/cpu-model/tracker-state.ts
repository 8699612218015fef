import { ErrorCode, WattloopError } from '../../errors/index.js';
import { COUNTER_NAMES, type CounterSample, eachCounter } from './counters.js';
import type { CpuModel } from './model.js';

/** What the system counted over one tick, and what the processor drew meanwhile. */
export interface CpuObservation {
  /** End of the tick, in seconds on any clock. */
  readonly t: number;
  readonly seconds: number;
  readonly counters: CounterSample;
  /** NaN where it was not measured. */
  readonly watts: number;
}

/**
 * Why a model was fitted: there was none, four times as many rows are known as it was fitted to, it said too much or too
 * little, or performance counters came or went.
 */
export type TrainingReason = 'first' | 'grown' | 'too-high' | 'too-low' | 'inputs';

export interface CpuTraining {
  readonly t: number;
  readonly reason: TrainingReason;
  /** What the model before was off by, relative; absent where there was none. */
  readonly errorBefore?: number;
  /** What the new one is off by on the same rows. */
  readonly errorAfter: number;
  /** Rows that it was fitted to. */
  readonly rows: number;
}

/** Plain data: JSON.stringify keeps all of it. */
export interface CpuTrackerState {
  readonly version: 1;
  /** Time, seconds, watts and the counters of each row; null for what isn't available. */
  readonly rows: readonly (readonly (number | null)[])[];
  readonly model?: CpuModel;
  readonly trainings: readonly CpuTraining[];
  readonly counts: Readonly<Record<TrainingReason, number>>;
  readonly sinceTraining: number;
  readonly missed: number;
}

/** JSON knows no NaN. */
export const savedRow = ({ t, seconds, watts, counters }: CpuObservation): (number | null)[] => [
  t,
  seconds,
  watts,
  ...COUNTER_NAMES.map((name) => (Number.isFinite(counters[name]) ? counters[name] : null)),
];

export function rowOf(saved: readonly (number | null)[]): CpuObservation {
  const [t, seconds, watts, ...counters] = saved;
  if (typeof t !== 'number' || typeof seconds !== 'number' || typeof watts !== 'number')
    throw new WattloopError(ErrorCode.badInput, 'a row of the saved CPU model has no time or no power', {
      remedy: 'Delete the saved state; the model is learnt anew',
    });
  return {
    t,
    seconds,
    watts,
    counters: eachCounter((name) => counters[COUNTER_NAMES.indexOf(name)] ?? Number.NaN),
  };
}
