import { type Clock, ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { ComputeBackend, StartedTask, Task } from '../../compute/index.js';
import type { Invocation, InvocationStatus } from '../../model/index.js';
import { backoffSeconds, isWorthRetrying } from '../run/retry.js';
import { callError, cancelledError } from './call-error.js';
import type { Future, FutureStatus } from './future.js';
import type { Part } from './part.js';

/** What a call needs of its executor. */
export interface CallContext {
  readonly backend: ComputeBackend;
  readonly clock: Clock;
  /** The value that a part stands for. */
  readonly read: (part: Part) => Promise<unknown>;
  readonly onInvocation: (invocation: Invocation) => void;
}

/** What is asked for, but for what differs from attempt to attempt. */
export interface CallPlan {
  readonly task: (attempt: number) => Task;
  readonly retries: number;
  readonly backoffSeconds: number;
}

type End =
  | { readonly status: 'done'; readonly part: Part }
  | { readonly status: InvocationStatus; readonly error: Error };

/** One call of a function, with its retries: what stands behind a future. */
export class Call<T> implements Future<T> {
  readonly function: string;
  readonly index: number;
  readonly #context: CallContext;
  #invocation: Invocation | undefined;
  #attempts = 0;
  #end: End | undefined;
  #settle: () => void = () => {};
  readonly #settled: Promise<void>;
  #started: StartedTask | undefined;
  #waiting: AbortController | undefined;

  /** For errors: `square, item 3`. */
  readonly where: string;

  constructor(name: string, index: number, where: string, context: CallContext) {
    this.function = name;
    this.where = where;
    this.index = index;
    this.#context = context;
    this.#settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get status(): FutureStatus {
    return this.#end?.status ?? 'pending';
  }

  get attempts(): number {
    return this.#attempts;
  }

  get invocation(): Invocation | undefined {
    return this.#invocation;
  }

  get error(): Error | undefined {
    return this.#end && 'error' in this.#end ? this.#end.error : undefined;
  }

  get isSettled(): boolean {
    return this.#end !== undefined;
  }

  settled(): Promise<void> {
    return this.#settled;
  }

  /** The result, wherever it lies. */
  async part(): Promise<Part> {
    await this.#settled;
    if (this.#end && 'part' in this.#end) return this.#end.part;
    throw this.error ?? new WattloopError(ErrorCode.internal, `${this.where} ended without an end`);
  }

  async result(): Promise<T> {
    return (await this.#context.read(await this.part())) as T;
  }

  cancel(): void {
    if (this.#end) return;
    if (this.#started) this.#started.cancel();
    else this.#finish({ status: 'cancelled', error: cancelledError(this.where) });
    this.#waiting?.abort();
  }

  /** It never began, or never will. */
  fail(error: unknown): void {
    this.#finish({ status: 'failed', error: error instanceof Error ? error : new Error(messageOf(error)) });
  }

  /** Runs it to its end. Never rejects: how it went is told by what it has become. */
  async run(plan: CallPlan): Promise<void> {
    try {
      while (!this.#end) await this.#attempt(plan);
    } catch (error) {
      this.fail(error);
    }
  }

  async #attempt({ task, retries, backoffSeconds: seconds }: CallPlan): Promise<void> {
    const { backend, clock, onInvocation } = this.#context;
    this.#started = backend.start(task(this.#attempts + 1));
    const { invocation, value } = await this.#started.done;
    this.#started = undefined;
    this.#attempts++;
    this.#invocation = invocation;
    onInvocation(invocation);
    if (invocation.status === 'done') this.#finish({ status: 'done', part: value as Part });
    else if (this.#attempts > retries || !isWorthRetrying(invocation)) {
      this.#finish({ status: invocation.status, error: callError(this.where, invocation) });
    } else {
      this.#waiting = new AbortController();
      await clock.sleep(backoffSeconds(this.#attempts, seconds), this.#waiting.signal);
      this.#waiting = undefined;
    }
  }

  #finish(end: End): void {
    if (this.#end) return;
    this.#end = end;
    this.#settle();
  }
}
