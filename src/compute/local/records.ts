import { existsSync } from 'node:fs';
import type {
  AbsentMethod,
  Invocation,
  InvocationError,
  InvocationStatus,
  Platform,
} from '../../model/index.js';
import type { Outcome } from '../worker/protocol.js';
import type { EpochClock } from './epoch-clock.js';
import type { Job } from './job.js';
import type { WorkerProcess } from './worker-process.js';

/** What became of a task whose worker can't tell. */
export interface Loss {
  readonly status: InvocationStatus;
  readonly error: InvocationError;
}

type Head = Pick<
  Invocation,
  | 'id'
  | 'run'
  | 'function'
  | 'partition'
  | 'attempt'
  | 'speculative'
  | 'configuration'
  | 'submittedAt'
  | 'platform'
>;

/** Makes the records of invocations. */
export class Records {
  readonly #clock: EpochClock;
  readonly #platform: Platform;

  constructor(clock: EpochClock, platform: Platform) {
    this.#clock = clock;
    this.#platform = platform;
  }

  /** As the worker told it. */
  told(job: Job, worker: WorkerProcess, outcome: Outcome, loss?: Loss): Invocation {
    const { memoryPeakMib, readBytes, writtenBytes } = outcome;
    const error = loss?.error ?? outcome.error;
    const { logFile } = job.task;
    const client = job.metered?.();
    const startedAt = this.#clock.epoch(outcome.startedAt);
    return {
      ...this.#head(job),
      worker: worker.name,
      startedAt,
      endedAt: startedAt + outcome.wallSeconds,
      cold: outcome.cold,
      status: loss?.status ?? outcome.status,
      wallSeconds: outcome.wallSeconds,
      cpuSeconds: outcome.cpuSeconds,
      phases: outcome.phases,
      usage: client ? [...outcome.usage, ...client.usage] : outcome.usage,
      energies: client ? [...outcome.energies, ...client.energies] : outcome.energies,
      absent: worker.absent,
      ...(error ? { error } : {}),
      ...(memoryPeakMib === undefined ? {} : { memoryPeakMib }),
      ...(readBytes === undefined ? {} : { readBytes }),
      ...(writtenBytes === undefined ? {} : { writtenBytes }),
      ...(logFile !== undefined && (outcome.isLogged || worker.isLogged) ? { log: logFile } : {}),
    };
  }

  /**
   * Of a task whose worker ended with it: times by the client, CPU time by whoever watched the worker, and what the client
   * metered itself. What the worker had read went with it.
   */
  lost(job: Job, worker: WorkerProcess, endedAt: number, { status, error }: Loss): Invocation {
    const { logFile } = job.task;
    const cpuSeconds = (worker.limits.cpuSeconds() ?? 0) - job.cpuSecondsBefore;
    const client = job.metered?.();
    return {
      ...this.#head(job),
      worker: worker.name,
      startedAt: this.#clock.epoch(job.startedAt),
      endedAt: this.#clock.epoch(endedAt),
      cold: job.isCold,
      status,
      error,
      wallSeconds: endedAt - job.startedAt,
      cpuSeconds: Math.max(0, cpuSeconds),
      phases: [],
      usage: client?.usage ?? [],
      energies: client?.energies ?? [],
      absent: absentOfLost(worker),
      ...(logFile !== undefined && existsSync(logFile) ? { log: logFile } : {}),
    };
  }

  /** Of a task that never ran. */
  unstarted(job: Job, endedAt: number, { status, error }: Loss): Invocation {
    const at = this.#clock.epoch(endedAt);
    return {
      ...this.#head(job),
      worker: '',
      startedAt: at,
      endedAt: at,
      cold: false,
      status,
      error,
      wallSeconds: 0,
      cpuSeconds: 0,
      phases: [],
      usage: [],
      energies: [],
      absent: [],
    };
  }

  #head({ task, submittedAt }: Job): Head {
    const { id, run, partition, attempt, speculative, resources, workers } = task;
    return {
      id,
      ...(run === undefined ? {} : { run }),
      function: task.function,
      partition,
      attempt,
      speculative,
      configuration: { cpu: resources.cpu, memoryMib: resources.memoryMib, workers },
      submittedAt: this.#clock.epoch(submittedAt),
      platform: this.#platform,
    };
  }
}

const LOST = 'its worker ended before it could tell';

const absentOfLost = ({ absent, energySources }: WorkerProcess): AbsentMethod[] => [
  ...absent,
  ...energySources.map((name) => ({ name, reason: LOST })),
];
