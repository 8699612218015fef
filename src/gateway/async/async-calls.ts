import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Host, makeFolders, messageOf } from '../../base/index.js';
import type { GatewaySettings } from '../../model/index.js';
import { attempt } from './attempt.js';
import { LONGEST_WAIT_SECONDS } from './backoff.js';
import { Bodies } from './bodies.js';
import { Budget } from './budget.js';
import type {
  AsyncAccepted,
  AsyncCallStatus,
  AsyncRefusal,
  AsyncRequest,
  AsyncStats,
  Invoke,
} from './call.js';
import { callBack } from './call-back.js';
import { callStatus } from './call-status.js';
import { Callbacks } from './callback.js';
import { type Forbidden, forbiddenNetworks, refusedCallback } from './callback-address.js';
import type { Context } from './context.js';
import { Desk } from './desk.js';
import type { KeptBody } from './store/call-row.js';
import type { OpenCall } from './store/call-store.js';
import { StoreClient } from './store/store-client.js';

export interface AsyncCallsOptions {
  readonly host: Host;
  /** Where they are kept: `<data_dir>/gateway`. */
  readonly folder: string;
  readonly settings: Pick<GatewaySettings, 'async' | 'max_body_mib' | 'retention'>;
  readonly invoke: Invoke;
  /** The higher, the sooner a function's calls begin. */
  readonly priorityOf?: (functionName: string) => number;
  /** From 0 to below 1. */
  readonly chance?: () => number;
}

const MEBIBYTE = 1_024 * 1_024;
const PAGE = 10_000;
const CALL_ID = /^[\x21-\x7e]{1,128}$/;

/** Calls that are accepted at once and done when there is room: kept on disk until they are, and tried again when they fail. */
export class AsyncCalls {
  readonly #context: Context;
  readonly #budget: Budget;
  readonly #forbidden: Forbidden;
  readonly #callbacks: Callbacks;
  readonly #calls: Desk;
  readonly #callingBack: Desk;
  readonly #ending = new AbortController();
  readonly #counts = { accepted: 0, refused: 0, done: 0, failed: 0, undelivered: 0, retries: 0 };
  #pending = 0;

  /** Takes up what an earlier gateway left. `in_use` when another one is at work on the same folder. */
  static async open(options: AsyncCallsOptions): Promise<AsyncCalls> {
    makeFolders(options.folder);
    const store = await StoreClient.open(join(options.folder, 'calls.db'));
    try {
      const calls = new AsyncCalls(options, store);
      await calls.#takeUp();
      return calls;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  private constructor(options: AsyncCallsOptions, store: StoreClient) {
    const { host, folder, settings, invoke, priorityOf, chance = Math.random } = options;
    this.#budget = new Budget(settings.async.max_mib * MEBIBYTE);
    this.#forbidden = forbiddenNetworks(settings.async.callback_refused);
    this.#callbacks = new Callbacks(this.#forbidden);
    this.#context = {
      store,
      bodies: new Bodies(join(folder, 'bodies'), this.#budget, settings.max_body_mib * MEBIBYTE),
      clock: host.clock,
      log: host.log,
      settings: settings.async,
      chance,
      ending: this.#ending.signal,
    };
    const { concurrency } = settings.async;
    this.#calls = new Desk(
      host.clock,
      { concurrency, ...(priorityOf && { priorityOf }) },
      async (key, signal) => {
        const after = await attempt(this.#context, invoke, key, signal);
        if (after.next === 'again') this.#counts.retries++;
        if (after.next === 'callback') this.#addCallback(key, after.address);
        if (after.next === 'over') this.#over(after.isGivenUp ? 'failed' : 'done');
        if (after.next === 'unknown') this.#pending--;
        return after.next === 'again' ? after.seconds : undefined;
      },
    );
    this.#callingBack = new Desk(host.clock, { concurrency }, async (key, signal) => {
      const after = await callBack(this.#context, this.#callbacks, key, signal);
      if (after.next === 'over') this.#over(after.as);
      return after.next === 'again' ? after.seconds : undefined;
    });
  }

  /** Reads the whole body. Accepted means: it is on disk, and is delivered at least once whatever becomes of this process. */
  async accept(request: AsyncRequest): Promise<AsyncAccepted | AsyncRefusal> {
    const outcome = await this.#accept(request);
    this.#counts[outcome.isAccepted ? 'accepted' : 'refused']++;
    return outcome;
  }

  /** What is known of a call: until an hour or so after its end. */
  async status(id: string): Promise<AsyncCallStatus | undefined> {
    const call = await this.#context.store.do('find', id);
    return call && callStatus(call, this.#calls.has(call.key));
  }

  stats(): AsyncStats {
    return {
      pending: this.#pending,
      running: this.#calls.running,
      callingBack: this.#callingBack.running,
      bytes: this.#budget.taken,
      ...this.#counts,
      waiting: this.#calls.waitingByLane(),
    };
  }

  /** Begins nothing any more, and waits for what is under way; what the signal cuts short is taken up at the next start. */
  async drain(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#calls.stop(signal), this.#callingBack.stop(signal)]);
  }

  /** Cuts short what is under way. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.drain(AbortSignal.abort());
    await this.#callbacks.close();
    await this.#context.store.close();
  }

  async #accept(request: AsyncRequest): Promise<AsyncAccepted | AsyncRefusal> {
    const { settings, bodies } = this.#context;
    const { callback } = request;
    const why = callback === undefined ? undefined : refusedCallback(callback, this.#forbidden);
    if (why !== undefined) return refusal(400, why);
    if (this.#ending.signal.aborted) return refusal(503, 'the gateway ends', 1);
    if (this.#pending >= settings.max_pending)
      return refusal(429, `${settings.max_pending} asynchronous calls wait already`, 1);
    // Counted while its body is read, so that no more are read than may be kept.
    this.#pending++;
    let body: KeptBody | undefined;
    try {
      const kept = await bodies.keep(request.body, `${randomUUID()}.request`);
      if ('refusal' in kept) {
        this.#pending--;
        return kept.refusal === 'too_large'
          ? refusal(413, 'the body is larger than gateway.max_body_mib allows')
          : refusal(429, 'there is no room for more bodies of asynchronous calls (gateway.async.max_mib)', 1);
      }
      body = kept.body;
      const { id, key } = await this.#write(request, body);
      this.#calls.add(request.function, key);
      return { isAccepted: true, id };
    } catch (error) {
      this.#pending--;
      if (body !== undefined) await bodies.release(body);
      return refusal(503, `the call could not be kept: ${messageOf(error)}`, 1);
    }
  }

  async #write(request: AsyncRequest, body: KeptBody): Promise<{ id: string; key: number }> {
    const { store, clock } = this.#context;
    const { id: wished, callback, method, path, query, headers } = request;
    let id = wished !== undefined && CALL_ID.test(wished) ? wished : randomUUID();
    for (;;) {
      const acceptedAt = clock.wall();
      const call = {
        id,
        function: request.function,
        callback,
        acceptedAt,
        method,
        path,
        query,
        headers,
        body,
      };
      const key = await store.do('accept', call);
      if (key !== undefined) return { id, key };
      // Another call has this id: callers pass on the ones that they were called with.
      id = randomUUID();
    }
  }

  #addCallback(key: number, address: string, delaySeconds = 0): void {
    this.#callingBack.add(new URL(address).host, key, delaySeconds);
  }

  #over(as: 'done' | 'failed' | 'undelivered'): void {
    this.#pending--;
    this.#counts[as]++;
  }

  async #takeUp(): Promise<void> {
    const { store, bodies } = this.#context;
    await bodies.sweep(new Set(await store.do('files')));
    let last = 0;
    for (let page = await store.do('open', last, PAGE); page.length > 0; ) {
      for (const call of page) this.#takeUpOne(call);
      last = page.at(-1)?.key ?? last;
      page = await store.do('open', last, PAGE);
    }
    if (this.#pending > 0)
      this.#context.log.info('takes up asynchronous calls of an earlier gateway', { calls: this.#pending });
  }

  #takeUpOne({ key, callback, hasAnswer, dueAt, bytes, ...call }: OpenCall): void {
    const delay = Math.min(LONGEST_WAIT_SECONDS, dueAt - this.#context.clock.wall());
    this.#pending++;
    this.#budget.add(bytes);
    if (hasAnswer && callback !== undefined) this.#addCallback(key, callback, delay);
    else this.#calls.add(call.function, key, delay);
  }
}

const refusal = (
  httpStatus: AsyncRefusal['httpStatus'],
  message: string,
  retryAfterSeconds?: number,
): AsyncRefusal => ({
  isAccepted: false,
  httpStatus,
  message,
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
});
