import { Worker } from 'node:worker_threads';
import { ErrorCode, type Logger, messageOf, WattloopError } from '../../../base/index.js';
import type { CallStore } from './call-store.js';
import type { StoreBatch, StoreFailure, StoreMethod, StoreReply, StoreRequest } from './messages.js';
import { THREAD_PROGRAM } from './thread-program.js';

interface Asked {
  readonly request: StoreRequest;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What goes to the disk in one transaction at most: it bounds what is in memory twice, and how long others wait. */
const MOST_TOGETHER = 1_000;

const asError = ({ code, message, remedy }: StoreFailure): WattloopError =>
  new WattloopError(code, message, remedy === undefined ? {} : { remedy });

const ended = (path: string, why: string): WattloopError =>
  new WattloopError(ErrorCode.writeFailed, `the database of asynchronous calls ${path} is closed: ${why}`, {
    remedy: 'What was accepted is taken up when the gateway starts again',
  });

/**
 * The calls on disk, as the gateway's own thread has them. What is asked for while the disk is busy goes there together,
 * in one transaction: the more there is to do, the less each costs.
 */
export class StoreClient {
  readonly #worker: Worker;
  readonly #path: string;
  readonly #log: Logger;
  readonly #exited: Promise<void>;
  #waiting: Asked[] = [];
  #sent: readonly Asked[] = [];
  #isScheduled = false;
  #end: WattloopError | undefined;
  #ailment: string | undefined;

  static async open(path: string, log: Logger): Promise<StoreClient> {
    const worker = new Worker(THREAD_PROGRAM, { workerData: { path }, name: 'async-calls', execArgv: [] });
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const [opened] = await new Promise<StoreReply>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error) => reject(ended(path, messageOf(error))));
    });
    if (opened !== undefined && 'failure' in opened) {
      await exited;
      throw asError(opened.failure);
    }
    return new StoreClient(worker, path, log, exited);
  }

  private constructor(worker: Worker, path: string, log: Logger, exited: Promise<void>) {
    this.#worker = worker;
    this.#path = path;
    this.#log = log;
    this.#exited = exited;
    worker.on('message', (reply: StoreReply) => this.#take(reply));
    worker.on('error', (error) => this.#stop(messageOf(error)));
    worker.on('exit', () => this.#stop('its thread has ended'));
  }

  /** Why nothing can be written now; undefined when all is well. */
  get ailment(): string | undefined {
    return this.#ailment;
  }

  /** Resolves when it is on disk. Rejects when nothing of it is. */
  do<Method extends StoreMethod>(
    method: Method,
    ...values: Parameters<CallStore[Method]>
  ): Promise<ReturnType<CallStore[Method]>> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end);
      const request = { method, values } as unknown as StoreRequest;
      this.#waiting.push({ request, resolve: resolve as (result: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** Does what was asked for, then closes the file. */
  async close(): Promise<void> {
    this.#end ??= ended(this.#path, 'the gateway ends');
    if (this.#sent.length === 0 && this.#waiting.length === 0) this.#worker.postMessage([]);
    await this.#exited;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#sent.length > 0) return;
    this.#isScheduled = true;
    // What this turn of the event loop brings goes along.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#sent.length > 0 || this.#waiting.length === 0) return;
    this.#sent = this.#waiting.slice(0, MOST_TOGETHER);
    this.#waiting = this.#waiting.slice(MOST_TOGETHER);
    const batch: StoreBatch = this.#sent.map(({ request }) => request);
    this.#worker.postMessage(batch);
  }

  #take(reply: StoreReply): void {
    const asked = this.#sent;
    this.#sent = [];
    let failure: WattloopError | undefined;
    for (const [index, { resolve, reject }] of asked.entries()) {
      const outcome = reply[index];
      if (outcome !== undefined && 'result' in outcome) resolve(outcome.result);
      else {
        failure = outcome === undefined ? ended(this.#path, 'no answer') : asError(outcome.failure);
        reject(failure);
      }
    }
    this.#tell(failure);
    if (this.#waiting.length > 0) this.#send();
    else if (this.#end !== undefined) this.#worker.postMessage([]);
  }

  /** Once when it begins to fail, and once when it works again. */
  #tell(failure: WattloopError | undefined): void {
    if (failure !== undefined && this.#ailment === undefined) this.#log.error(failure.line);
    if (failure === undefined && this.#ailment !== undefined)
      this.#log.info('the database of asynchronous calls is written again');
    this.#ailment = failure?.line;
  }

  #stop(why: string): void {
    if (this.#end === undefined) {
      this.#end = ended(this.#path, why);
      this.#tell(this.#end);
    }
    const asked = [...this.#sent, ...this.#waiting];
    this.#sent = [];
    this.#waiting = [];
    for (const { reject } of asked) reject(this.#end);
  }
}
