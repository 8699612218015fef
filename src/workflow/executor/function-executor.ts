import { join, resolve } from 'node:path';
import { createHost, ErrorCode, loadConfig, systemClock, WattloopError } from '../../base/index.js';
import { openLocalBackend, resourcesFor } from '../../compute/index.js';
import { settingsSchema } from '../../model/index.js';
import { openStorage } from '../../storage/index.js';
import { type ExportedFunction, FunctionModules } from '../code/function-module/function-module.js';
import type { AnyFunction } from '../code/function-place.js';
import { newRunId } from '../run/run-folder.js';
import { Call, type CallContext, type CallPlan } from './call.js';
import { DrawnCalls } from './drawn-calls.js';
import type { Future } from './future.js';
import { FutureList } from './future-list.js';
import { HANDLER } from './handler-file.js';
import { ListedCalls } from './listed-calls.js';
import type { CallOptions, ExecutorOptions, LocalOptions, MapOptions, MapReduceOptions } from './options.js';
import type { Argument, Part } from './part.js';
import type { FunctionContext, FunctionPayload } from './payload.js';
import { ProgressCount } from './progress.js';
import { ExecutorSession } from './session.js';
import { type Waited, type WaitOptions, waitFor } from './wait.js';

/** A function for another process: itself, or the module that exports it. */
export type Remote<T, R> = ((item: T, context: FunctionContext) => R) | ExportedFunction;

/** A setting that is left out is what it is by default. */
type SettingsInput = Parameters<typeof settingsSchema.parse>[0];

/** Futures for an iterator that may wait to be taken. */
const AHEAD = 1_000;
/** Every worker has a task and the next ones lie ready, however small the machine. */
const LEAST_OPEN = 16;

/** Runs plain functions in other processes: each call is metered, retried where that helps, and told by a future. */
export class FunctionExecutor {
  /** Names it in records, logs and the store. */
  readonly id: string;
  readonly #options: ExecutorOptions;
  readonly #dataDir: string;
  readonly #session: ExecutorSession;
  readonly #context: CallContext;
  readonly #modules = new FunctionModules();
  readonly #open = new Set<Call<unknown>>();
  readonly #lists = new Set<{ cancel(): void }>();
  readonly #onAbort = (): void => this.cancel();
  /** What was opened for it, and goes with it. */
  #owned: readonly { close(): Promise<void> }[] = [];
  #count = 0;
  #isClosed = false;

  constructor(options: ExecutorOptions) {
    const { backend, store, settings, clock = systemClock, signal, onInvocation = () => {} } = options;
    this.#options = options;
    this.#dataDir = resolve(settings.data_dir);
    this.id = newRunId(clock.wall());
    this.#session = new ExecutorSession(this.id, this.#dataDir, settings, store);
    this.#context = { backend, clock, onInvocation, read: (part) => this.#session.read(part) };
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** One on warm worker processes of this machine; the settings are those of `wattloop.yaml` and the environment when left out. */
  static async local(settings?: SettingsInput, options: LocalOptions = {}): Promise<FunctionExecutor> {
    const { host = createHost(), ...rest } = options;
    const known =
      settings === undefined ? loadConfig(settingsSchema, { env: host.env }) : settingsSchema.parse(settings);
    const store = await openStorage(known.storage, { dataDir: resolve(known.data_dir) });
    const backend = await openLocalBackend(host, known);
    const executor = new FunctionExecutor({ backend, store, settings: known, clock: host.clock, ...rest });
    executor.#owned = [backend, store];
    return executor;
  }

  /** Calls a function once. */
  callAsync<T, R>(fn: Remote<T, R>, item: T, options: CallOptions = {}): Future<Awaited<R>> {
    const name = nameOf(fn, options);
    const call = new Call<Awaited<R>>(name, 0, name, this.#context);
    this.#launch(call, fn, (key) => this.#session.send(item, key, name), options);
    return call;
  }

  /** Calls a function for each item: items are drawn as there is room for them, so that there may be very many. */
  map<T, R>(
    fn: Remote<T, R>,
    items: Iterable<T> | AsyncIterable<T>,
    options: MapOptions = {},
  ): FutureList<Awaited<R>> {
    const source = this.#calls(fn, items, options);
    const cancel = (): void => source.cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
    this.#lists.add(source);
    if (this.#isOver || options.signal?.aborted) cancel();
    void source.ended().then(() => {
      this.#lists.delete(source);
      options.signal?.removeEventListener('abort', cancel);
    });
    return new FutureList(source);
  }

  #calls<T, R>(
    fn: Remote<T, R>,
    items: Iterable<T> | AsyncIterable<T>,
    options: MapOptions,
  ): ListedCalls<Awaited<R>> | DrawnCalls<Awaited<R>> {
    const name = nameOf(fn, options);
    const list: readonly T[] | undefined = Array.isArray(items) ? items : undefined;
    const progress = new ProgressCount(name, list?.length, options.onProgress);
    const make = (index: number): Call<Awaited<R>> =>
      new Call(name, index, `${name}, item ${index}`, this.#context);
    const launch = (call: Call<Awaited<R>>, item: T): void => {
      progress.follow(call);
      this.#launch(call, fn, (key) => this.#session.send(item, key, call.where), options);
    };
    const open = this.#openLimit(options);
    if (list) {
      return new ListedCalls(
        Array.from(list.keys(), make),
        (call) => launch(call, list[call.index] as T),
        open,
      );
    }
    const drawn = async function* (): AsyncGenerator<Call<Awaited<R>>> {
      let index = 0;
      for await (const item of items) {
        const call = make(index++);
        launch(call, item);
        yield call;
      }
    };
    return new DrawnCalls(drawn(), { open, ahead: options.ahead ?? AHEAD });
  }

  /** Calls a function for each item, and another one, in a process too, with the list of their results. */
  mapReduce<T, R, S>(
    fn: Remote<T, R>,
    items: Iterable<T> | AsyncIterable<T>,
    reduce: Remote<Awaited<R>[], S>,
    options: MapReduceOptions = {},
  ): Future<Awaited<S>> {
    const { reducer = {}, ...mapOptions } = options;
    const { name: _, ahead: __, onProgress: ___, ...rest } = mapOptions;
    const reduceOptions = { ...rest, ...reducer };
    const name = nameOf(reduce, reduceOptions);
    const list = this.map(fn, items, mapOptions);
    const call = new Call<Awaited<S>>(name, 0, name, this.#context);
    // Nobody wants the rest once there will be no result.
    void call.settled().then(() => list.cancel());
    const argument = async (key: string): Promise<Argument> => {
      // Results stay where they are: what is large goes from worker to worker by the store.
      const parts: Part[] = [];
      for await (const one of list.calls()) parts.push(await one.part());
      return this.#session.sendParts(parts, key);
    };
    this.#launch(call, reduce, argument, reduceOptions);
    return call;
  }

  /** Waits until enough futures have ended. */
  async wait<T>(
    futures: Iterable<Future<T>> | FutureList<T>,
    options: WaitOptions = {},
  ): Promise<Waited<Future<T>>> {
    const list = futures instanceof FutureList ? futures.all : [...futures];
    if (list) return waitFor(list, options, this.#context.clock);
    throw new WattloopError(
      ErrorCode.badUsage,
      'wait() needs a list: the futures for an iterator are handed out one by one',
      {
        remedy: 'Give map() a list, or go through the futures: for await (const future of futures) …',
      },
    );
  }

  /** The result of a future, or the results of all. */
  getResult<T>(future: Future<T>): Promise<T>;
  getResult<T>(futures: Iterable<Future<T>> | AsyncIterable<Future<T>>): Promise<T[]>;
  async getResult<T>(given: Future<T> | Iterable<Future<T>> | AsyncIterable<Future<T>>): Promise<T | T[]> {
    if ('result' in given) return given.result();
    const results: T[] = [];
    for await (const future of given) results.push(await future.result());
    return results;
  }

  /** Ends all calls that have not ended. */
  cancel(): void {
    for (const list of this.#lists) list.cancel();
    for (const call of this.#open) call.cancel();
  }

  /** Cancels what is open, and removes large values from the store: results are to be taken before. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.cancel();
    await Promise.all([...this.#open].map((call) => call.settled()));
    await this.#session.remove();
    for (const one of this.#owned) await one.close();
  }

  get #isOver(): boolean {
    return this.#isClosed || (this.#options.signal?.aborted ?? false);
  }

  #openLimit(options: CallOptions): number {
    const { backend, settings } = this.#options;
    try {
      return Math.max(LEAST_OPEN, 4 * backend.capacity(resourcesFor(settings, options)));
    } catch {
      // Every call will say what is wrong with them.
      return LEAST_OPEN;
    }
  }

  #launch<T>(
    call: Call<T>,
    fn: AnyFunction | ExportedFunction,
    argument: (key: string) => Argument | Promise<Argument>,
    options: CallOptions,
  ): void {
    const { signal } = options;
    const cancel = (): void => call.cancel();
    this.#open.add(call);
    signal?.addEventListener('abort', cancel, { once: true });
    void call.settled().then(() => {
      this.#open.delete(call);
      signal?.removeEventListener('abort', cancel);
    });
    if (this.#isOver || signal?.aborted) call.cancel();
    else void this.#run(call, fn, argument, options).catch((error: unknown) => call.fail(error));
  }

  async #run<T>(
    call: Call<T>,
    fn: AnyFunction | ExportedFunction,
    argument: (key: string) => Argument | Promise<Argument>,
    options: CallOptions,
  ): Promise<void> {
    const number = this.#count++;
    const key = `${call.function.replace(/[^\w.-]/g, '_')}/${number}`;
    const plan = this.#plan(call, number, options);
    const folder = join(this.#dataDir, 'functions');
    const { external } = options;
    const module = await this.#modules.get(fn, {
      folder,
      name: call.function,
      ...(external && { external }),
    });
    this.#session.write();
    const payload: FunctionPayload = {
      module: module.path,
      exportName: module.exportName,
      argument: await argument(this.#session.key(key, 'argument')),
      resultKey: this.#session.key(key, 'result'),
      session: this.#session.file,
    };
    await call.run({ ...plan, task: (attempt) => ({ ...plan.task(attempt), payload }) });
    if (call.status === 'done') this.#session.sawResult(await call.part());
  }

  #plan(call: Call<unknown>, number: number, options: CallOptions): CallPlan {
    const { settings, backend } = this.#options;
    const { workflow } = settings;
    const resources = resourcesFor(settings, options);
    const refusal = backend.refuses(resources);
    if (refusal !== undefined) throw new WattloopError(ErrorCode.badInput, `${call.where}: ${refusal}`);
    const timeoutSeconds = options.timeoutSeconds ?? workflow.timeout_seconds;
    return {
      retries: options.retries ?? workflow.retries,
      backoffSeconds: workflow.backoff_seconds,
      task: (attempt) => ({
        id: `${this.id}-${number}-${attempt}`,
        function: call.function,
        run: this.id,
        partition: call.index,
        attempt,
        speculative: false,
        module: HANDLER,
        payload: undefined,
        resources,
        workers: 1,
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
        logFile: this.#session.log(call.function, number, attempt),
      }),
    };
  }
}

function nameOf(fn: AnyFunction | ExportedFunction, { name }: CallOptions): string {
  return name ?? (fn.name || 'function');
}
