import type { Clock } from '../../base/index.js';
import type { ComputeBackend, StartedTask, Task, TaskReport } from '../../compute/index.js';
import type { Invocation } from '../../model/index.js';
import type { ResolvedStage } from '../define/resolve.js';
import type { Execution } from './partition-key.js';
import { Readiness } from './readiness.js';
import { ReadyQueue } from './ready-queue.js';
import { backoffSeconds, isWorthRetrying } from './retry.js';
import { type StragglerRule, Stragglers } from './stragglers.js';

export interface SchedulerOptions {
  readonly stages: readonly ResolvedStage[];
  readonly backend: ComputeBackend;
  readonly clock: Clock;
  readonly taskFor: (stage: ResolvedStage, partition: number, execution: Execution) => Task;
  /** Partitions that an earlier session of the same run has finished. */
  readonly isFinished?: (stage: ResolvedStage, partition: number) => boolean;
  /** The last attempt that an earlier session made at a partition: this one goes on counting, with all its retries. */
  readonly attemptsBefore?: (stage: ResolvedStage, partition: number) => number;
  readonly backoffSeconds: number;
  readonly stragglers: StragglerRule;
  /** Told of every execution that ended; `counts` when its partition is finished by it. */
  readonly onEnd: (stage: ResolvedStage, report: TaskReport, counts: boolean) => void;
  /** Told when an execution failed that is tried again. */
  readonly onRetry?: (stage: ResolvedStage, invocation: Invocation) => void;
  /** Cancels what runs. */
  readonly signal: AbortSignal;
  /** Ends at once what was cancelled and would still be waited for. */
  readonly hurry?: AbortSignal | undefined;
}

interface Copy {
  readonly started: StartedTask;
  readonly execution: Execution;
  readonly submittedAt: number;
}

/** A partition that runs, in one copy or two. */
interface Running {
  readonly stage: ResolvedStage;
  readonly partition: number;
  readonly copies: Set<Copy>;
  isFinished: boolean;
}

const WATCH_MILLISECONDS = 500;

/**
 * Runs every partition as soon as its own inputs are there. What fails is tried again; when that is of no use, nothing
 * more is begun, and what runs is let finish, so that it is kept.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #readiness: Readiness;
  readonly #ready: ReadyQueue;
  readonly #running = new Set<Running>();
  readonly #stragglers: readonly Stragglers[];
  readonly #waiting = new Set<AbortController>();
  #failure: Invocation | undefined;
  /** What was thrown where executions are told of: nothing more can be kept. */
  #broken: { readonly error: unknown } | undefined;
  #end: () => void = () => {};

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#readiness = new Readiness(options.stages);
    this.#ready = new ReadyQueue(options.stages.length);
    this.#stragglers = options.stages.map(
      ({ configuration }) => new Stragglers(options.stragglers, configuration.workers),
    );
  }

  /**
   * Resolves when all is finished, or nothing more can be: with the invocation whose failure that is. Rejects with what
   * `onEnd` or `taskFor` threw, when all that ran has ended.
   */
  async run(): Promise<Invocation | undefined> {
    const { signal, hurry } = this.#options;
    const cancel = (): void => this.#cancel();
    const endAtOnce = (): void => this.#cancel(true);
    const watch = setInterval(() => this.#copyStragglers(), WATCH_MILLISECONDS);
    signal.addEventListener('abort', cancel, { once: true });
    hurry?.addEventListener('abort', endAtOnce, { once: true });
    try {
      await new Promise<void>((resolve) => {
        this.#end = resolve;
        for (const [stage, partition] of [...this.#readiness.initial()]) this.#add(stage, partition);
        this.#pump();
      });
    } finally {
      clearInterval(watch);
      signal.removeEventListener('abort', cancel);
      hurry?.removeEventListener('abort', endAtOnce);
    }
    if (this.#broken) throw this.#broken.error;
    return this.#failure;
  }

  get #stops(): boolean {
    return this.#failure !== undefined || this.#broken !== undefined || this.#options.signal.aborted;
  }

  /** A partition's inputs are there: it starts, or is passed over where it has been finished before. */
  #add(index: number, partition: number): void {
    const open: (readonly [number, number])[] = [[index, partition]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const stage = this.#options.stages[next[0]];
      if (stage === undefined) continue;
      if (this.#options.isFinished?.(stage, next[1]) ?? false) open.push(...this.#readiness.finish(...next));
      else this.#ready.add(...next);
    }
  }

  #pump(): void {
    while (!this.#stops && this.#ready.size > 0 && this.#hasRoom()) {
      const [index, partition] = this.#ready.take() ?? [];
      const stage = index === undefined ? undefined : this.#options.stages[index];
      if (stage === undefined || partition === undefined) break;
      this.#start(stage, partition, 1 + this.#attemptsBefore(stage, partition));
    }
    const idle = this.#running.size === 0 && this.#waiting.size === 0;
    if (idle && (this.#stops || this.#ready.size === 0)) this.#end();
  }

  #attemptsBefore(stage: ResolvedStage, partition: number): number {
    return this.#options.attemptsBefore?.(stage, partition) ?? 0;
  }

  /** Every worker has one task, and the next one lies ready; more would only take memory. */
  #hasRoom(): boolean {
    const { backend, stages } = this.#options;
    const most = Math.max(...stages.map(({ configuration }) => backend.capacity(configuration)));
    return this.#running.size < 2 * Math.max(1, most);
  }

  #start(stage: ResolvedStage, partition: number, attempt: number): void {
    this.#launch({ stage, partition, copies: new Set(), isFinished: false }, { attempt, speculative: false });
  }

  #launch(running: Running, execution: Execution): void {
    const { backend, clock, taskFor } = this.#options;
    let started: StartedTask;
    try {
      started = backend.start(taskFor(running.stage, running.partition, execution));
    } catch (error) {
      this.#break(error);
      return;
    }
    const copy: Copy = { started, execution, submittedAt: clock.now() };
    running.copies.add(copy);
    this.#running.add(running);
    void started.done.then((report) => this.#ended(running, copy, report));
  }

  #ended(running: Running, copy: Copy, report: TaskReport): void {
    const { stage, partition } = running;
    const { status } = report.invocation;
    running.copies.delete(copy);
    const counts = status === 'done' && !running.isFinished;
    if (counts) {
      running.isFinished = true;
      for (const other of running.copies) other.started.cancel();
      this.#stragglers[stage.index]?.finish(this.#options.clock.now() - copy.submittedAt);
    }
    try {
      this.#options.onEnd(stage, report, counts);
    } catch (error) {
      this.#break(error);
    }
    if (counts) for (const next of [...this.#readiness.finish(stage.index, partition)]) this.#add(...next);
    if (running.copies.size === 0) {
      this.#running.delete(running);
      if (!running.isFinished && !this.#options.signal.aborted)
        this.#retry(running, copy.execution, report.invocation);
    }
    this.#pump();
  }

  #retry({ stage, partition }: Running, { attempt }: Execution, invocation: Invocation): void {
    const tries = attempt - this.#attemptsBefore(stage, partition);
    if (tries > stage.retries || !isWorthRetrying(invocation)) {
      this.#failure ??= invocation;
      for (const waiting of this.#waiting) waiting.abort();
      return;
    }
    if (this.#stops) return;
    this.#options.onRetry?.(stage, invocation);
    const waiting = new AbortController();
    this.#waiting.add(waiting);
    const seconds = backoffSeconds(tries, this.#options.backoffSeconds);
    void this.#options.clock.sleep(seconds, waiting.signal).then(() => {
      this.#waiting.delete(waiting);
      if (!this.#stops) this.#start(stage, partition, attempt + 1);
      this.#pump();
    });
  }

  /** Begins a second copy of what takes too long, while there is room: whichever ends first counts. */
  #copyStragglers(): void {
    if (this.#stops || this.#ready.size > 0) return;
    const now = this.#options.clock.now();
    let underWay = 0;
    for (const { copies } of this.#running) underWay += copies.size;
    for (const running of this.#running) {
      const [copy, second] = running.copies;
      const limit = this.#stragglers[running.stage.index]?.limitSeconds;
      if (copy === undefined || second !== undefined || limit === undefined) continue;
      const free = this.#options.backend.capacity(running.stage.configuration) - underWay;
      if (free < 1 || now - copy.submittedAt < limit || copy.execution.speculative) continue;
      this.#launch(running, { attempt: copy.execution.attempt, speculative: true });
      underWay++;
    }
  }

  #break(error: unknown): void {
    if (this.#broken) return;
    this.#broken = { error };
    this.#cancel();
  }

  #cancel(now = false): void {
    for (const waiting of this.#waiting) waiting.abort();
    for (const { copies } of this.#running) for (const { started } of copies) started.cancel(now);
    this.#pump();
  }
}
