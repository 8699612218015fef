import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ErrorCode, messageOf, WattloopError } from '../../../base/index.js';
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

/**
 * The calls on disk, as the gateway's own thread has them. What is asked for while the disk is busy goes there together,
 * in one transaction: the more there is to do, the less each costs.
 */
export class StoreClient {
  readonly #worker: Worker;
  readonly #path: string;
  readonly #exited: Promise<unknown>;
  #waiting: Asked[] = [];
  #sent: readonly Asked[] = [];
  #isScheduled = false;
  #end: WattloopError | undefined;

  static async open(path: string): Promise<StoreClient> {
    const worker = new Worker(THREAD_PROGRAM, { workerData: { path }, name: 'async-calls', execArgv: [] });
    const exited = once(worker, 'exit');
    const [reply] = (await once(worker, 'message')) as [StoreReply];
    if ('failure' in reply) {
      await exited;
      throw asError(reply.failure);
    }
    return new StoreClient(worker, path, exited);
  }

  private constructor(worker: Worker, path: string, exited: Promise<unknown>) {
    this.#worker = worker;
    this.#path = path;
    this.#exited = exited;
    worker.on('message', (reply: StoreReply) => this.#take(reply));
    worker.on('error', (error) => this.#stop(messageOf(error)));
    worker.on('exit', () => this.#stop('its thread has ended'));
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
    this.#end ??= this.#error('it was closed');
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
    if ('failure' in reply) {
      const error = asError(reply.failure);
      for (const { reject } of asked) reject(error);
    } else for (const [index, { resolve }] of asked.entries()) resolve(reply.results[index]);
    if (this.#waiting.length > 0) this.#send();
    else if (this.#end !== undefined) this.#worker.postMessage([]);
  }

  #stop(why: string): void {
    this.#end ??= this.#error(why);
    const asked = [...this.#sent, ...this.#waiting];
    this.#sent = [];
    this.#waiting = [];
    for (const { reject } of asked) reject(this.#end);
  }

  #error(why: string): WattloopError {
    return new WattloopError(
      ErrorCode.writeFailed,
      `the database of asynchronous calls ${this.#path}: ${why}`,
      {
        remedy: 'What was accepted is taken up when the gateway starts again',
      },
    );
  }
}
