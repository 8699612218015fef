import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { OnlineAccount } from '../../footprint/index.js';
import type { NodeMonitor } from '../../meter/index.js';
import type { AccountedCall, FootprintWindow, NodeSecond, ServedCall } from '../../model/index.js';
import type {
  AccountedReplica,
  AccountTick,
  CallPage,
  CallQuery,
  FootprintQuery,
  Footprints,
  LiveAccount,
} from './account.js';
import { AccountKeeper } from './core/account-keeper.js';
import { AccountPages, type AccountPageTexts } from './core/account-pages.js';
import { FunctionSums } from './core/function-sums.js';
import { Listeners } from './core/listeners.js';
import type { MachineTick } from './core/machine-tick.js';
import type { Settlement } from './core/settle.js';
import type { CarbonNow } from './core/window-input.js';
import type { FunctionObserver } from './observe/function-observer.js';
import { footprintsOf } from './query/footprints-of.js';
import type { AccountStore } from './store/account-store.js';

export interface LocalAccountParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly monitor: Pick<NodeMonitor, 'tick'>;
  readonly observer: Pick<FunctionObserver, 'started' | 'ended'>;
  readonly account: Pick<OnlineAccount, 'advance'>;
  readonly carbon: () => CarbonNow;
  readonly store: AccountStore;
  readonly intervalSeconds: number;
  readonly updateSeconds: number;
  readonly version: string;
  /** The machine's counters as they were shown before, where another process kept the account. */
  readonly counters?: Readonly<Record<string, number>>;
  /** Closes what was opened for it. */
  readonly close: () => Promise<void>;
}

/** An account that was not brought up to date for this many ticks is ill. */
const STALE_TICKS = 5;

/** The live account in this process. */
export class LocalAccount implements LiveAccount {
  readonly #parts: LocalAccountParts;
  readonly #keeper: AccountKeeper;
  readonly #ticks: Listeners<AccountTick>;
  readonly #updates: Listeners<FootprintWindow>;
  readonly #calls: Listeners<readonly AccountedCall[]>;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  readonly #sums: FunctionSums;
  readonly #pages: AccountPages;
  #texts: AccountPageTexts = { machine: '', functions: '', counters: {} };
  #lost = 0;
  #tick: AccountTick | undefined;
  #tickedAt: number;
  #failure: string | undefined;

  constructor(parts: LocalAccountParts) {
    const { clock, log } = parts;
    this.#parts = parts;
    this.#keeper = new AccountKeeper(parts);
    this.#ticks = new Listeners(log);
    this.#updates = new Listeners(log);
    this.#calls = new Listeners(log);
    this.#sums = new FunctionSums(clock.wall());
    this.#pages = new AccountPages(parts.counters);
    this.#tickedAt = clock.now();
    this.#loop = this.#run();
  }

  get tick(): AccountTick | undefined {
    return this.#tick;
  }

  /** The metrics as of the last tick. */
  get pages(): AccountPageTexts {
    return this.#texts;
  }

  /** So many events of calls were lost on their way here, in all. */
  lost(events: number): void {
    this.#lost = events;
  }

  replicaStarted(replica: AccountedReplica, isNew = true): void {
    this.#parts.observer.started(replica, isNew);
  }

  replicaEnded(id: string, cpuSeconds?: number): void {
    this.#parts.observer.ended(id, cpuSeconds);
  }

  began(key: number, functionName: string, at: number): void {
    this.#keeper.began(key, functionName, at);
  }

  ended(key: number, call: ServedCall): void {
    this.#keeper.ended(key, call);
  }

  /** These are all calls that run now. */
  resume(calls: Iterable<readonly [key: number, name: string, startedAt: number]>): void {
    this.#keeper.resume(calls);
  }

  onTick(listener: (tick: AccountTick) => void): () => void {
    return this.#ticks.add(listener);
  }

  onUpdate(listener: (window: FootprintWindow) => void): () => void {
    return this.#updates.add(listener);
  }

  onCalls(listener: (calls: readonly AccountedCall[]) => void): () => void {
    return this.#calls.add(listener);
  }

  metrics(): string | undefined {
    const { machine, functions } = this.#texts;
    return this.#tick && this.ailment() === undefined ? machine + functions : undefined;
  }

  footprints(query: FootprintQuery): Promise<Footprints> {
    const { carbon, store } = this.#parts;
    const sum = store.footprints(query);
    return Promise.resolve(footprintsOf(query, sum, { carbon: carbon().origin }));
  }

  calls(query: CallQuery): Promise<CallPage> {
    return Promise.resolve(this.#parts.store.calls(query));
  }

  ailment(): string | undefined {
    const age = this.#parts.clock.now() - this.#tickedAt;
    if (age <= STALE_TICKS * this.#parts.intervalSeconds) return undefined;
    const why = this.#failure === undefined ? '' : `: ${this.#failure}`;
    return `the account's last tick was ${age.toFixed(1)} s ago${why}`;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    this.#take(this.#keeper.finish());
    this.#parts.store.close();
    await this.#parts.close();
  }

  async #run(): Promise<void> {
    const { clock, intervalSeconds } = this.#parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const now = this.#keeper.now();
      // The next edge that is yet to come: those that were missed are not made up for.
      const due = (Math.floor(now / intervalSeconds + 0.05) + 1) * intervalSeconds;
      await clock.sleep(due - now, signal);
      this.#bringUpToDate();
    }
  }

  #bringUpToDate(): void {
    const { clock, log } = this.#parts;
    try {
      const { tick, snapshot, machine, settlements } = this.#keeper.tick();
      this.#tick = tick;
      this.#tickedAt = clock.now();
      this.#failure = undefined;
      this.#parts.store.recordSeconds(machine.map(secondOf));
      this.#take(settlements);
      if (settlements.length > 0 || this.#texts.functions === '')
        this.#pages.update(this.#sums, tick.functions);
      const { gramsPerKilowattHour } = this.#parts.carbon();
      const { version } = this.#parts;
      this.#texts = this.#pages.texts({ snapshot, version, gramsPerKilowattHour, lostEvents: this.#lost });
      this.#ticks.tell(tick);
    } catch (error) {
      const failure = messageOf(error);
      if (failure !== this.#failure)
        log.error('the account could not be brought up to date', { error: failure });
      this.#failure = failure;
    }
  }

  #take(settlements: readonly Settlement[]): void {
    const { store } = this.#parts;
    for (const { window, calls } of settlements) {
      this.#sums.add(window);
      store.recordWindow(window);
      store.recordCalls(calls);
      this.#updates.tell(window);
      if (calls.length > 0) this.#calls.tell(calls);
    }
    if (settlements.length > 0) store.tidy(this.#parts.clock.wall());
  }
}

function secondOf(tick: MachineTick): NodeSecond {
  const { from, to, joules, cpuJoules, idleJoules, cpuSeconds } = tick;
  const seconds = to - from;
  return {
    at: to,
    seconds,
    ...(joules !== undefined && { watts: joules / seconds }),
    ...(cpuJoules !== undefined && { cpuWatts: cpuJoules / seconds }),
    ...(idleJoules !== undefined && { idleWatts: idleJoules / seconds }),
    cpuSeconds: Object.fromEntries(cpuSeconds),
  };
}
