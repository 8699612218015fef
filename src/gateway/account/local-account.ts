import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { OnlineAccount } from '../../footprint/index.js';
import type { NodeMonitor } from '../../meter/index.js';
import type {
  AccountedCall,
  FootprintWindow,
  ServedCall,
  Trace,
  TraceDescription,
} from '../../model/index.js';
import type {
  AccountedReplica,
  AccountTick,
  CallPage,
  CallQuery,
  FootprintQuery,
  Footprints,
  LiveAccount,
  TimeRange,
  TraceRecording,
} from './account.js';
import type { CarbonNow } from './carbon/carbon-now.js';
import { AccountBooks } from './core/account-books.js';
import { AccountKeeper } from './core/account-keeper.js';
import { AccountPages, type AccountPageTexts } from './core/account-pages.js';
import { Listeners } from './core/listeners.js';
import type { Settlement } from './core/settle.js';
import type { FunctionObserver } from './observe/function-observer.js';
import { footprintsOf } from './query/footprints-of.js';
import { provenanceOf } from './query/provenance-of.js';
import { traceFrom } from './query/trace-from.js';
import type { AccountFiles } from './store/account-files.js';
import type { AccountStore } from './store/account-store.js';

export interface LocalAccountParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly monitor: Pick<NodeMonitor, 'tick'>;
  readonly observer: Pick<FunctionObserver, 'started' | 'ended'>;
  readonly account: Pick<OnlineAccount, 'advance' | 'toJSON'>;
  readonly carbon: () => CarbonNow;
  readonly store: AccountStore;
  readonly files?: AccountFiles;
  /** What is known of the machine beside what it does, for traces. */
  readonly description: () => TraceDescription;
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
/** A tick this early is the one that was waited for: timers are never exact. */
const EARLY_PART = 0.05;

/** The live account in this process. */
export class LocalAccount implements LiveAccount {
  readonly #parts: LocalAccountParts;
  readonly #keeper: AccountKeeper;
  readonly #books: AccountBooks;
  readonly #pages: AccountPages;
  readonly #ticks: Listeners<AccountTick>;
  readonly #updates: Listeners<FootprintWindow>;
  readonly #calls: Listeners<readonly AccountedCall[]>;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #texts: AccountPageTexts = { machine: '', functions: '', counters: {} };
  #lost = 0;
  #tick: AccountTick | undefined;
  #tickedAt: number;
  #failure: string | undefined;

  constructor(parts: LocalAccountParts) {
    const { clock, log } = parts;
    this.#parts = parts;
    this.#keeper = new AccountKeeper(parts);
    this.#books = new AccountBooks(
      { files: undefined, ...parts, openCalls: () => this.#keeper.openCalls() },
      clock.wall(),
    );
    this.#pages = new AccountPages(parts.counters);
    this.#pages.update(this.#books.sums, []);
    this.#ticks = new Listeners(log);
    this.#updates = new Listeners(log);
    this.#calls = new Listeners(log);
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
    return this.#tick && this.#staleness() === undefined ? machine + functions : undefined;
  }

  async footprints(query: FootprintQuery): Promise<Footprints> {
    const { carbon, store, updateSeconds } = this.#parts;
    const provenance = provenanceOf(this.#tick, carbon(), updateSeconds, this.#lost);
    const forecasts = this.#tick?.functions ?? [];
    return footprintsOf(query, { sum: store.footprints(query), forecasts, provenance });
  }

  async calls(query: CallQuery): Promise<CallPage> {
    return this.#parts.store.calls(query);
  }

  async trace(range: TimeRange): Promise<Trace> {
    return traceFrom(range, this.#parts.store, this.#keeper.openCalls(), this.#parts.description());
  }

  async recordTrace(directory: string): Promise<TraceRecording> {
    this.#books.record(directory);
    return { directory, stop: async () => this.#books.stopRecording(directory) };
  }

  /** Ends the recording into this directory. */
  stopRecording(directory: string): void {
    this.#books.stopRecording(directory);
  }

  ailment(): string | undefined {
    return this.#staleness() ?? this.#books.ailment();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    this.#take(this.#keeper.finish());
    this.#books.close();
    await this.#parts.close();
  }

  #staleness(): string | undefined {
    const age = this.#parts.clock.now() - this.#tickedAt;
    if (age <= STALE_TICKS * this.#parts.intervalSeconds) return undefined;
    const why = this.#failure === undefined ? '' : `: ${this.#failure}`;
    return `the energy account's last tick was ${age.toFixed(1)} s ago${why}`;
  }

  async #run(): Promise<void> {
    const { clock, intervalSeconds } = this.#parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const now = this.#keeper.now();
      // The next edge that is yet to come: those that were missed are not made up for.
      const due = (Math.floor(now / intervalSeconds + EARLY_PART) + 1) * intervalSeconds;
      await clock.sleep(due - now, signal);
      this.#bringUpToDate();
    }
  }

  #bringUpToDate(): void {
    const { clock, log, carbon, version } = this.#parts;
    try {
      const { tick, snapshot, machine, settlements } = this.#keeper.tick();
      this.#tick = tick;
      this.#tickedAt = clock.now();
      this.#failure = undefined;
      this.#books.ticked(machine);
      this.#take(settlements);
      const { gramsPerKilowattHour } = carbon();
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
    if (settlements.length === 0) return;
    this.#books.settled(settlements, this.#parts.clock.wall());
    this.#pages.update(this.#books.sums, this.#keeper.forecasts);
    for (const { window, calls } of settlements) {
      this.#updates.tell(window);
      if (calls.length > 0 && this.#calls.size > 0) this.#calls.tell([...calls]);
    }
  }
}
