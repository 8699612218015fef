import { setMaxListeners } from 'node:events';
import type { InvocationError } from '../../model/index.js';
import type { Handler, HandlerContext, Task } from '../backend.js';
import { InvocationLog } from '../log/invocation-log.js';
import { describeError } from './describe-error.js';
import type { Outcome } from './protocol.js';
import type { MeteredInvocation } from './worker-meter.js';

const isHandlerModule = (module: object): module is { handle: Handler } =>
  'handle' in module && typeof module.handle === 'function';

/** Loads the module that a task names, once a process; throws an Error that names it when that can't be. */
async function loadHandler(path: string): Promise<Handler> {
  let module: object;
  try {
    module = (await import(path)) as object;
  } catch (error) {
    const { name, message, stack } = describeError(error);
    const failure = new Error(`the handler's module ${path} can't be loaded: ${name}: ${message}`);
    if (stack !== undefined) failure.stack = stack;
    throw failure;
  }
  if (isHandlerModule(module)) return module.handle;
  throw new TypeError(`the handler's module ${path} exports no function "handle"`);
}

/** One invocation, while it runs and as long as anything of it is left. */
export class RunningInvocation {
  readonly task: Task;
  readonly log: InvocationLog;
  readonly #controller = new AbortController();
  readonly #failure: Promise<never>;
  #fail: (error: unknown) => void = () => undefined;
  #readBytes: number | undefined;
  #writtenBytes: number | undefined;
  #hasEnded = false;

  constructor(task: Task, logLimitBytes: number) {
    this.task = task;
    this.log = new InvocationLog(task.logFile, logLimitBytes);
    // Every read of many at once may listen; Node.js would warn of a leak in the middle of the user's own output.
    setMaxListeners(0, this.#controller.signal);
    this.#failure = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Nobody may be waiting for it yet, or any more.
    this.#failure.catch(() => undefined);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  cancel(): void {
    this.#controller.abort();
  }

  /** An error that no code of the function caught ends it. */
  fail(error: unknown): void {
    this.#fail(error);
  }

  async run(metered: MeteredInvocation): Promise<Outcome> {
    const ended = await this.#ended(metered);
    const figures = metered.stop();
    this.#hasEnded = true;
    this.log.close();
    return {
      kind: 'outcome',
      id: this.task.id,
      ...ended,
      ...figures,
      ...(this.#readBytes === undefined ? {} : { readBytes: this.#readBytes }),
      ...(this.#writtenBytes === undefined ? {} : { writtenBytes: this.#writtenBytes }),
      isLogged: this.log.isWritten,
    };
  }

  async #ended(
    metered: MeteredInvocation,
  ): Promise<Pick<Outcome, 'status' | 'value'> & { error?: InvocationError }> {
    try {
      const handle = await Promise.race([loadHandler(this.task.module), this.#failure]);
      metered.handlerBegins();
      const value = await Promise.race([handle(this.task.payload, this.#context(metered)), this.#failure]);
      return { status: 'done', value };
    } catch (error) {
      const status = this.#controller.signal.aborted ? 'cancelled' : 'failed';
      return { status, error: describeError(error) };
    }
  }

  #context(metered: MeteredInvocation): HandlerContext {
    return {
      task: this.task,
      phase: (name) => {
        if (!this.#hasEnded) metered.phase(name);
      },
      signal: this.#controller.signal,
      countRead: (bytes) => {
        this.#readBytes = (this.#readBytes ?? 0) + bytes;
      },
      countWritten: (bytes) => {
        this.#writtenBytes = (this.#writtenBytes ?? 0) + bytes;
      },
      log: (chunk) => this.log.write(chunk),
    };
  }
}
