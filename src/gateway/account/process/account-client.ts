import { resolve } from 'node:path';
import { ErrorCode, type Host, WattloopError } from '../../../base/index.js';
import type { AccountedCall, FootprintWindow, ServedCall, Settings, Trace } from '../../../model/index.js';
import type {
  AccountedReplica,
  AccountTick,
  CallPage,
  CallQuery,
  FootprintQuery,
  Footprints,
  FunctionPower,
  LiveAccount,
  TimeRange,
  TraceRecording,
} from '../account.js';
import { Listeners } from '../core/listeners.js';
import { AccountProcess } from './account-process.js';
import { Backoff } from './backoff.js';
import { FeedWriter } from './feed-writer.js';
import { OpenQuestions } from './open-questions.js';
import { errorFrom } from './plain-error.js';
import type { FromAccount, Question, Questions } from './protocol.js';
import { RunningCalls } from './running-calls.js';

export interface AccountClientParts {
  readonly host: Host;
  readonly settings: Settings;
  readonly version: string;
  readonly program: string;
  /** Seconds that the account has to write what it has when it is to end. */
  readonly closeSeconds?: number;
  /** Bytes that may wait to be read by the process before events of calls are lost. */
  readonly mostWaitingBytes?: number;
}

const MOST_WAITING_BYTES = 64 * 2 ** 20;
const FLUSH_MILLISECONDS = 100;
const CLOSE_SECONDS = 15;
/** An account that did not tick for this many intervals is ill. */
const STALE_TICKS = 5;

/** What a process that keeps the account has told. */
interface Told {
  tick: AccountTick | undefined;
  functions: readonly FunctionPower[];
  machinePage: string;
  functionPage: string;
  ailment: string | undefined;
  at: number;
}

const nothingTold = (at: number): Told => ({
  tick: undefined,
  functions: [],
  machinePage: '',
  functionPage: '',
  ailment: undefined,
  at,
});

/**
 * The account in a process of its own, as the gateway sees it. Events of calls are collected and sent a batch at a time;
 * nothing here waits. When the process ends it is started again, and told what runs.
 */
export class AccountClient implements LiveAccount {
  readonly #parts: AccountClientParts;
  readonly #ticks: Listeners<AccountTick>;
  readonly #updates: Listeners<FootprintWindow>;
  readonly #calls: Listeners<readonly AccountedCall[]>;
  readonly #replicas = new Map<string, AccountedReplica>();
  readonly #running = new RunningCalls();
  readonly #feed = new FeedWriter();
  readonly #questions = new OpenQuestions();
  readonly #backoff = new Backoff();
  /** Settles when the first process is open, or has ended. */
  readonly opened: Promise<void>;
  #settleOpened: (error?: WattloopError) => void = () => undefined;
  #process: AccountProcess | undefined;
  #isReady = false;
  #told: Told;
  #counters: Readonly<Record<string, number>> = {};
  #flushTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #lost = 0;
  #isBehind = false;
  #why = 'it starts';
  #closing: Promise<void> | undefined;
  #whenEnded: () => void = () => undefined;

  constructor(parts: AccountClientParts) {
    const { host } = parts;
    this.#parts = parts;
    this.#ticks = new Listeners(host.log);
    this.#updates = new Listeners(host.log);
    this.#calls = new Listeners(host.log);
    this.#told = nothingTold(host.clock.now());
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = (error) => (error ? reject(error) : resolve());
    });
    this.#start();
  }

  get tick(): AccountTick | undefined {
    return this.#told.tick;
  }

  /** The process that keeps the account; undefined while there is none. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Events that were lost because the account did not read them. */
  get lostEvents(): number {
    return this.#lost;
  }

  replicaStarted(replica: AccountedReplica): void {
    this.#replicas.set(replica.id, replica);
    this.#process?.send({ kind: 'replica-started', replica });
  }

  replicaEnded(id: string, cpuSeconds?: number): void {
    this.#replicas.delete(id);
    this.#process?.send({ kind: 'replica-ended', id, cpuSeconds });
  }

  began(key: number, functionName: string, at: number): void {
    this.#running.add(key, functionName, at);
    this.#added();
  }

  ended(key: number, call: ServedCall): void {
    this.#running.delete(key);
    // While there is no process some are kept for the next one.
    if (this.#process === undefined && this.#feed.isFull) {
      this.#lost++;
      return;
    }
    this.#feed.ended(key, call);
    this.#added();
  }

  onTick(listener: (tick: AccountTick) => void): () => void {
    return this.#ticks.add(listener);
  }

  onUpdate(listener: (window: FootprintWindow) => void): () => void {
    return this.#subscribed(this.#updates.add(listener));
  }

  onCalls(listener: (calls: readonly AccountedCall[]) => void): () => void {
    return this.#subscribed(this.#calls.add(listener));
  }

  metrics(): string | undefined {
    const { tick, machinePage, functionPage } = this.#told;
    return tick && this.#staleness() === undefined ? machinePage + functionPage : undefined;
  }

  footprints(query: FootprintQuery): Promise<Footprints> {
    return this.#ask('footprints', query);
  }

  calls(query: CallQuery): Promise<CallPage> {
    return this.#ask('calls', query);
  }

  trace(range: TimeRange): Promise<Trace> {
    return this.#ask('trace', range);
  }

  async recordTrace(directory: string): Promise<TraceRecording> {
    // The process may stand elsewhere.
    const folder = resolve(directory);
    await this.#ask('record', folder);
    return { directory: folder, stop: () => this.#ask('stopRecording', folder) };
  }

  ailment(): string | undefined {
    if (this.#isBehind) return 'the energy account does not keep up with the calls: some are not in it';
    return this.#staleness() ?? this.#told.ailment;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#restartTimer);
    this.#flush();
    clearTimeout(this.#flushTimer);
    const child = this.#process;
    if (child) {
      await new Promise<void>((resolve) => {
        this.#whenEnded = resolve;
        const seconds = this.#parts.closeSeconds ?? CLOSE_SECONDS;
        // Closed or not, it is not waited for longer.
        const timer = setTimeout(() => child.kill(), seconds * 1e3);
        timer.unref();
        child.send({ kind: 'close' });
      });
    }
    this.#questions.refuseAll(unavailable('the gateway ends'));
  }

  #staleness(): string | undefined {
    if (!this.#isReady) return `the energy account is not there: ${this.#why}`;
    const { host, settings } = this.#parts;
    const age = host.clock.now() - this.#told.at;
    const { interval_seconds } = settings.gateway.account;
    return age > STALE_TICKS * interval_seconds
      ? `the energy account's last tick was ${age.toFixed(1)} s ago`
      : undefined;
  }

  #ask<Name extends Question>(
    question: Name,
    query: Parameters<Questions[Name]>[0],
  ): Promise<Awaited<ReturnType<Questions[Name]>>> {
    if (!this.#isReady || this.#process === undefined) return Promise.reject(unavailable(this.#why));
    // What was told before the question is in the answer.
    this.#flush();
    const { id, answer } = this.#questions.open();
    this.#process.send({ kind: 'ask', id, question, query });
    return answer as Promise<Awaited<ReturnType<Questions[Name]>>>;
  }

  #added(): void {
    if (this.#process === undefined) return;
    if (this.#feed.isFull) this.#flush();
    this.#flushTimer ??= setTimeout(() => this.#flush(), FLUSH_MILLISECONDS).unref();
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    const child = this.#process;
    if (child === undefined) return;
    this.#running.tell((key, name, at) => this.#feed.began(key, name, at));
    if (this.#feed.isEmpty) return;
    const { numbers, shared, own, events } = this.#feed.take();
    if (!child.hasRoom) {
      if (!this.#isBehind)
        this.#parts.host.log.warn('the account does not keep up: calls are lost to it', { lost: events });
      this.#isBehind = true;
      this.#lost += events;
      return;
    }
    if (this.#isBehind) {
      this.#isBehind = false;
      this.#lost += events;
      child.send({ kind: 'resume', running: this.#running.list(), lost: this.#lost });
      return;
    }
    child.send({ kind: 'feed', numbers, shared, own }, numbers.byteLength + own.length);
  }

  #subscribed(end: () => void): () => void {
    this.#tellSubscriptions();
    return () => {
      end();
      this.#tellSubscriptions();
    };
  }

  #tellSubscriptions(): void {
    const [updates, calls] = [this.#updates.size > 0, this.#calls.size > 0];
    this.#process?.send({ kind: 'subscribe', updates, calls });
  }

  #start(): void {
    const { host, settings, version, program, mostWaitingBytes = MOST_WAITING_BYTES } = this.#parts;
    const child = new AccountProcess(program, mostWaitingBytes, {
      message: (message) => this.#take(message),
      ended: (how) => this.#ended(how),
    });
    this.#process = child;
    child.send({
      kind: 'set-up',
      settings,
      sysfs: host.sysfs,
      procfs: host.procfs,
      version,
      gatewayPid: process.pid,
      replicas: [...this.#replicas.values()],
      running: this.#running.list(),
      counters: this.#counters,
      lost: this.#lost,
    });
    if (this.#updates.size + this.#calls.size > 0) this.#tellSubscriptions();
    this.#flush();
  }

  #take(message: FromAccount): void {
    const { log } = this.#parts.host;
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        this.#told.at = this.#parts.host.clock.now();
        this.#settleOpened();
        break;
      case 'failed':
        this.#why = message.error.message;
        this.#settleOpened(errorFrom(message.error));
        break;
      case 'tick':
        this.#takeTick(message);
        break;
      case 'update':
        this.#updates.tell(message.window);
        break;
      case 'calls':
        this.#calls.tell(message.calls);
        break;
      case 'answer':
        this.#questions.answer(message.id, message.value);
        break;
      case 'refusal':
        this.#questions.refuse(message.id, errorFrom(message.error));
        break;
      case 'log':
        log[message.level](message.message, message.fields);
        break;
      case 'closed':
        break;
    }
  }

  #takeTick(message: Extract<FromAccount, { kind: 'tick' }>): void {
    const told = this.#told;
    told.functions = message.functions ?? told.functions;
    told.tick = { ...message.tick, functions: told.functions };
    told.machinePage = message.machinePage;
    told.functionPage = message.functionPage ?? told.functionPage;
    told.ailment = message.ailment;
    told.at = this.#parts.host.clock.now();
    this.#counters = message.counters;
    this.#backoff.goesWell(told.at);
    this.#ticks.tell(told.tick);
  }

  #ended(how: string): void {
    const { clock, log } = this.#parts.host;
    this.#process = undefined;
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    // The next process is told what runs; of what had begun or ended in the last moments it hears nothing.
    this.#lost += this.#feed.take().events;
    const wasReady = this.#isReady;
    this.#isReady = false;
    this.#told = nothingTold(clock.now());
    this.#isBehind = false;
    if (wasReady || this.#why === 'it starts') this.#why = `its process ended (${how})`;
    this.#questions.refuseAll(unavailable(this.#why));
    this.#whenEnded();
    this.#settleOpened();
    if (this.#closing !== undefined) return;
    const seconds = this.#backoff.next(clock.now());
    log.error('the energy account ended; the gateway goes on without it', { how, again_in_seconds: seconds });
    this.#restartTimer = setTimeout(() => this.#start(), seconds * 1e3).unref();
  }
}

const unavailable = (why: string): WattloopError =>
  new WattloopError(ErrorCode.accountUnavailable, `the energy account is not there: ${why}`, {
    remedy: 'Ask again in a moment; the log says more if it does not come back',
  });
