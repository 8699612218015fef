import type { Invocation, Platform, Resources } from '../model/index.js';

/** One execution of a function that a backend is asked for. Plain data: it may cross processes and networks. */
export interface Task {
  readonly id: string;
  /** The function's, or the stage's, name. */
  readonly function: string;
  readonly run?: string;
  readonly partition: number;
  readonly attempt: number;
  readonly speculative: boolean;
  /** The module whose export `handle` (a `Handler`) a worker calls: an absolute path. */
  readonly module: string;
  /** What the handler is given: whatever a structured clone can carry. Large data belongs in storage. */
  readonly payload: unknown;
  readonly resources: Resources;
  /** Invocations among which the work of the stage is shared: for the configuration in the record. */
  readonly workers: number;
  readonly timeoutSeconds?: number;
  /** Where what the function prints is kept; the file is made when it prints something. */
  readonly logFile?: string;
}

/** What a handler is told and can tell while it runs, in the worker. */
export interface HandlerContext {
  readonly task: Omit<Task, 'payload'>;
  /** Begins a phase of the invocation; the one before ends. */
  phase(name: 'read' | 'compute' | 'write'): void;
  /** Aborted when the invocation is cancelled. */
  readonly signal: AbortSignal;
  /** Adds to the bytes that the invocation has read from, or written to, storage. */
  countRead(bytes: number): void;
  countWritten(bytes: number): void;
  /** Adds to the invocation's log, as do stdout and stderr of the worker. */
  log(chunk: Uint8Array | string): void;
}

export type Handler = (payload: unknown, context: HandlerContext) => unknown;

/** What came of a task. It never rejects: what went wrong is in the record. */
export interface TaskReport {
  readonly invocation: Invocation;
  /** What the handler returned; undefined unless the status is `done`. */
  readonly value: unknown;
}

export interface StartedTask {
  readonly done: Promise<TaskReport>;
  /**
   * Ends it, by force where it must be; `done` then tells `cancelled`, or what it was quicker to become. `now` leaves it
   * no time to end by itself, also when it was cancelled before.
   */
  cancel(now?: boolean): void;
}

/** Where functions run. */
export interface ComputeBackend {
  readonly name: string;
  /** How many tasks with such resources run at once; 0 when one alone asks for more than there is. */
  capacity(resources: Resources): number;
  /** Why such resources can never be had here; undefined when they can. */
  refuses(resources: Resources): string | undefined;
  /** Runs it as soon as there is room, in the order in which tasks were started. */
  start(task: Task): StartedTask;
  /** Where tasks run, once that is known. */
  readonly platform: Platform | undefined;
  /** Ends all workers; tasks that still run are cancelled. */
  close(): Promise<void>;
}
