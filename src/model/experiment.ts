import type { Configuration } from './configuration.js';

export const EXPERIMENT_KINDS = ['characterise'] as const;
export type ExperimentKind = (typeof EXPERIMENT_KINDS)[number];

/** Many runs of one workflow, made to be compared. */
export interface Experiment {
  readonly id: string;
  readonly kind: ExperimentKind;
  readonly workflow: string;
  /** What is tried, by stage or for all; JSON. */
  readonly grid: Readonly<Record<string, unknown>>;
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** A model that was fitted to what was seen of a stage, or of a whole workflow where no stage is named. */
export interface SavedModel {
  readonly workflow: string;
  readonly stage?: string;
  /** What kind of model: `amdahl`, `gaussian-process`. */
  readonly kind: string;
  /** Seconds since 1970. */
  readonly trainedAt: number;
  /** The configurations that it was fitted on: beyond them it extrapolates. */
  readonly trainedOn?: readonly Configuration[];
  /** JSON. */
  readonly data: unknown;
}
