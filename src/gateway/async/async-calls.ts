import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { type Host, makeFolders } from '../../base/index.js';
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
import { type Forbidden, forbiddenNetworks } from './callback-address.js';
import type { Context } from './context.js';
import { Desk } from './desk.js';
import { refusal, takeIn } from './intake.js';
import { tidy } from './janitor.js';
import type { OpenCall } from './store/kept.js';
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
const HOUR_SECONDS = 3_600;
const PAGE = 10_000;

/** Calls that are accepted at once and done when there is room: on disk until they are done, and tried again when they fail. */
export class AsyncCalls {
  readonly #context: Context;
  readonly #budget: Budget;
  readonly #forbidden: Forbidden;
  readonly #callbacks: Callbacks;
  readonly #calls: Desk;
  readonly #callingBack: Desk;
  readonly #ending = new AbortController();
  readonly #tidying: Promise<void>;
  readonly #counts = { accepted: 0, refused: 0, done: 0, failed: 0, undelivered: 0, retries: 0 };
  #pending = 0;

  /** Takes up what an earlier gateway left. `in_use` when another one is at work on the same folder. */
  static async open(options: AsyncCallsOptions): Promise<AsyncCalls> {
    const { host, folder, settings } = options;
    makeFolders(folder);
    const store = await StoreClient.open(join(folder, 'calls.db'), host.log);
    try {
      const budget = new Budget(settings.async.max_mib * MEBIBYTE);
      const bodies = new Bodies(join(folder, 'bodies'), budget, settings.max_body_mib * MEBIBYTE, host.log);
      await bodies.sweep(new Set(await store.do('files')));
      const calls = new AsyncCalls(options, store, bodies, budget);
      await calls.#takeUp();
      return calls;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  private constructor(options: AsyncCallsOptions, store: StoreClient, bodies: Bodies, budget: Budget) {
    const { host, settings, invoke, priorityOf, chance = Math.random } = options;
    const { clock } = host;
    this.#budget = budget;
    this.#forbidden = forbiddenNetworks(settings.async.callback_refused);
    this.#callbacks = new Callbacks(this.#forbidden);
    const ending = this.#ending.signal;
    // All that waits for a disk that refuses listens to it.
    setMaxListeners(0, ending);
    this.#context = { store, bodies, clock, settings: settings.async, chance, ending };
    const { concurrency } = settings.async;
    this.#calls = new Desk(clock, { concurrency, ...(priorityOf && { priorityOf }) }, async (key, signal) => {
      const after = await attempt(this.#context, invoke, key, signal);
      if (after.next === 'callback') this.#addCallback(key, after.address);
      if (after.next === 'over') this.#over(after.isGivenUp ? 'failed' : 'done');
      if (after.next === 'unknown') this.#pending--;
      if (after.next !== 'again') return {};
      this.#counts.retries++;
      return { againSeconds: after.seconds, wasBusy: after.wasBusy };
    });
    this.#callingBack = new Desk(clock, { concurrency }, async (key, signal) => {
      const after = await callBack(this.#context, this.#callbacks, key, signal);
      if (after.next === 'over') this.#over(after.as);
      if (after.next === 'unknown') this.#pending--;
      return after.next === 'again' ? { againSeconds: after.seconds } : {};
    });
    this.#tidying = tidy(host, store, settings.retention.raw_hours * HOUR_SECONDS, ending);
  }

  /** Reads the whole body. Accepted means: it is on disk, and is delivered at least once whatever becomes of this process. */
  async accept(request: AsyncRequest): Promise<AsyncAccepted | AsyncRefusal> {
    const outcome = await this.#accept(request);
    this.#counts[outcome.isAccepted ? 'accepted' : 'refused']++;
    return outcome;
  }

  /** What is known of a call: until `retention.raw_hours` after its end. */
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

  /** Why no call can be kept now; undefined when all is well. */
  ailment(): string | undefined {
    return this.#context.store.ailment;
  }

  /** Begins nothing any more, and waits for what is under way; what the signal cuts short is taken up at the next start. */
  async drain(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#calls.stop(signal), this.#callingBack.stop(signal)]);
  }

  /** Cuts short what is under way. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.drain(AbortSignal.abort());
    await this.#tidying;
    await this.#callbacks.close();
    await this.#context.store.close();
  }

  async #accept(request: AsyncRequest): Promise<AsyncAccepted | AsyncRefusal> {
    const { max_pending } = this.#context.settings;
    if (this.#ending.signal.aborted) return refusal(503, 'the gateway ends');
    if (this.#pending >= max_pending)
      return refusal(429, `${max_pending} asynchronous calls wait already (gateway.async.max_pending)`);
    // Counted while its body is read, so that no more are read than may be kept.
    this.#pending++;
    const outcome = await takeIn(this.#context, request, this.#forbidden);
    if (!outcome.isAccepted) {
      this.#pending--;
      return outcome;
    }
    this.#calls.add(request.function, outcome.key);
    return { isAccepted: true, id: outcome.id };
  }

  #addCallback(key: number, address: string, delaySeconds = 0): void {
    this.#callingBack.add(new URL(address).host, key, delaySeconds);
  }

  #over(as: 'done' | 'failed' | 'undelivered'): void {
    this.#pending--;
    this.#counts[as]++;
  }

  async #takeUp(): Promise<void> {
    const { store } = this.#context;
    let last = 0;
    for (;;) {
      const page = await store.do('open', last, PAGE);
      for (const call of page) this.#takeUpOne(call);
      last = page.at(-1)?.key ?? last;
      if (page.length < PAGE) return;
    }
  }

  #takeUpOne({ key, callback, hasAnswer, dueAt, bytes, ...call }: OpenCall): void {
    const delay = Math.min(LONGEST_WAIT_SECONDS, dueAt - this.#context.clock.wall());
    this.#pending++;
    this.#budget.add(bytes);
    if (hasAnswer && callback !== undefined) this.#addCallback(key, callback, delay);
    else this.#calls.add(call.function, key, delay);
  }
}
