import type { Configuration } from './configuration.js';
import type { InvocationError } from './invocation.js';
import type { Platform } from './platform.js';
import type { Provenance } from './provenance.js';
import type { SourceName } from './source-name.js';

export const RUN_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** How a run stands: `crashed` is one that says it runs while its process is gone. */
export type RunState = RunStatus | 'crashed';

/** What a stage, or a whole run, took. Sums over invocations, retries and failed ones included, unless said otherwise. */
export interface RunFigures {
  /** Executions: a retry is another one. */
  readonly invocations: number;
  /** Executions that did not end well. */
  readonly failed: number;
  readonly retries: number;
  /** From the first invocation's start to the last one's end. */
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly readSeconds: number;
  readonly computeSeconds: number;
  readonly writeSeconds: number;
  readonly coldStarts: number;
  /** By the primary source, its share of idle included where that is known; absent where no source works. */
  readonly joules?: number;
  readonly source?: SourceName;
  readonly provenance?: Provenance;
  readonly carbonGrams?: number;
  readonly costUsd?: number;
}

export interface StageSummary extends RunFigures {
  readonly name: string;
  readonly configuration: Configuration;
  /** Units of work that it counted; absent where it counts none, and where earlier sessions did part of it. */
  readonly work?: number;
}

export type RunTotals = RunFigures;

/** What a run returned, as JSON; or why that can't be had. */
export type RunResult = { readonly value: unknown } | { readonly absent: string };

/** The process that does a run: tells a run that goes on from one whose process is gone. */
export interface RunOwner {
  readonly pid: number;
  readonly hostname: string;
  /** When the process began, as its kernel counts: tells it from a later one with the same number. */
  readonly processStart?: string;
  /** When it last said that it was there; seconds since 1970. */
  readonly heartbeatAt: number;
}

/** The experiment that a run is part of. */
export interface RunExperiment {
  readonly id: string;
  /** From 1; warm-ups count apart. */
  readonly repetition: number;
  readonly warmUp: boolean;
}

/** One run of a workflow. */
export interface RunRecord {
  readonly id: string;
  readonly workflow: string;
  /** Absolute path of the file that says what the workflow is. */
  readonly workflowFile?: string;
  /** Hash of the bundle that ran: equal for equal code. */
  readonly bundleHash?: string;
  /** JSON. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly status: RunStatus;
  /** Who does it; absent once it has ended. */
  readonly owner?: RunOwner;
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The settings that matter for its figures, as JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly platforms: readonly Platform[];
  readonly stages: readonly StageSummary[];
  readonly totals?: RunTotals;
  /** Absent while it runs and when it failed. */
  readonly result?: RunResult;
  readonly error?: InvocationError;
  readonly experiment?: RunExperiment;
}
