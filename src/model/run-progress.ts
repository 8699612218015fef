import type { RunStatus } from './run.js';

/** A stage as it stands now: for whoever looks on. */
export interface StageProgress {
  readonly name: string;
  readonly partitions: number;
  /** An invocation of it has begun. */
  readonly begun: boolean;
  /** Those that an earlier session had finished included. */
  readonly finished: number;
  readonly failed: number;
  readonly retries: number;
  /** Partitions finished in a second, since the stage began in this session; undefined until one is. */
  readonly perSecond: number | undefined;
  /** Watts of its invocations together, on the average since it began; undefined where no energy is known. */
  readonly watts: number | undefined;
  readonly joules: number | undefined;
  /** Seconds that it will still take if it goes on like this. */
  readonly etaSeconds: number | undefined;
}

export interface RunProgress {
  readonly run: string;
  readonly workflow: string;
  readonly status: RunStatus;
  readonly elapsedSeconds: number;
  readonly stages: readonly StageProgress[];
}
