import type { Invocation } from '../../model/index.js';
import type { Task, TaskReport } from '../backend.js';
import type { ClientFigures } from './client-meter.js';
import type { WorkerProcess } from './worker-process.js';

/** Why a running task is being ended by force. */
export type ForcedEnd = 'timed_out' | 'cancelled';

/** A task from start to report. */
export class Job {
  readonly task: Task;
  /** Its place among all that were started. */
  readonly number: number;
  /** On the monotonic clock. */
  readonly submittedAt: number;
  readonly done: Promise<TaskReport>;
  /** Where it runs, and since when; undefined while it waits. */
  worker: WorkerProcess | undefined;
  startedAt = 0;
  /** CPU seconds that the worker had used before. */
  cpuSecondsBefore = 0;
  /** The first that its worker runs. */
  isCold = false;
  forced: ForcedEnd | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Ends what the client meters of it. */
  metered: (() => ClientFigures) | undefined;
  #resolve: (report: TaskReport) => void = () => undefined;

  constructor(task: Task, number: number, submittedAt: number) {
    this.task = task;
    this.number = number;
    this.submittedAt = submittedAt;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  finish(invocation: Invocation, value?: unknown): void {
    clearTimeout(this.timer);
    this.#resolve({ invocation, value });
  }
}
