import { type Clock, type Logger, messageOf } from '../../../base/index.js';
import type { OnlineAccount } from '../../../footprint/index.js';
import type { NodeMonitor, NodeSnapshot } from '../../../meter/index.js';
import type { Principal, ServedCall } from '../../../model/index.js';
import type { CarbonNow } from '../../account/carbon/carbon-now.js';
import { AccountKeeper } from '../../account/core/account-keeper.js';
import { FunctionSums } from '../../account/core/function-sums.js';
import type { Settlement } from '../../account/core/settle.js';
import type { AccountStore } from '../../account/store/account-store.js';
import { functionFamilies } from '../../metrics/function-families.js';
import { FamilyWriter, type MetricFamily } from '../../metrics/sample.js';
import type { CountedCalls, FeedSink, InvocationFeed } from '../feeds/feed.js';
import type { Recognition } from '../rules/recognition.js';
import { functionView } from './function-view.js';
import { FunctionsHere, OnlyHere } from './functions-here.js';
import { spread } from './spread-calls.js';
import { Stretches } from './stretches.js';
import { ToldCalls } from './told-calls.js';

export interface PlatformAccountParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly monitor: Pick<NodeMonitor, 'tick'>;
  readonly recognise: (principal: Principal) => Recognition | undefined;
  readonly account: Pick<OnlineAccount, 'advance'>;
  readonly carbon: () => CarbonNow;
  readonly feeds: readonly InvocationFeed[];
  /** Where footprints are kept; absent where they are only shown. */
  readonly store?: AccountStore;
  readonly intervalSeconds: number;
  readonly updateSeconds: number;
}

/** Metrics of the functions' account that the account of workloads has under the same names. */
const SHOWN_BY_WORKLOADS: readonly string[] = [
  'wattloop_accounted_joules_total',
  'wattloop_unattributed_joules_total',
  'wattloop_ended_joules_total',
];

/** Calls are told by polls: so many without any are silence. */
const SILENT_POLLS = 2;

/** The account of functions that another platform serves: by what their workers use, and by calls where anyone tells of them. */
export class PlatformAccount implements FeedSink {
  readonly #parts: PlatformAccountParts;
  readonly #keeper: AccountKeeper;
  readonly #sums: FunctionSums;
  readonly #calls = new ToldCalls();
  readonly #stretches: Stretches;
  /** By the id of a call that runs. */
  readonly #running = new Map<string, number>();
  readonly #here = new FunctionsHere();
  readonly #onlyHere: OnlyHere;
  #callWatts: readonly { function: string; wattsPerCall: number }[] = [];
  #snapshot: NodeSnapshot | undefined;
  #keys = 0;

  constructor(parts: PlatformAccountParts) {
    this.#parts = parts;
    const { clock, intervalSeconds, feeds } = parts;
    const late = Math.max(0, ...feeds.map(({ lateSeconds }) => lateSeconds));
    this.#keeper = new AccountKeeper({
      ...parts,
      monitor: { tick: () => this.#look() },
      lateTicks: 1 + Math.ceil(late / intervalSeconds),
    });
    this.#sums = new FunctionSums(clock.wall());
    this.#onlyHere = new OnlyHere(this, (name) => this.#here.nameOf(name, clock.now()));
    this.#stretches = new Stretches(this.#keeper, () => ++this.#keys);
  }

  /** All that functions had, in the windows that are settled. */
  get sums(): FunctionSums {
    return this.#sums;
  }

  async open(): Promise<this> {
    const { feeds } = this.#parts;
    await Promise.all(feeds.map((feed) => feed.open(feed.isOfCluster ? this.#onlyHere : this)));
    return this;
  }

  /** Brings both accounts up to date: returns that of workloads. */
  tick(): NodeSnapshot {
    const { machine, settlements, tick } = this.#keeper.tick();
    this.#onlyHere.looked();
    for (const each of machine) this.#stretches.take(each, (name) => this.#isTold(name));
    this.#take(settlements);
    this.#callWatts = tick.functions;
    if (this.#snapshot === undefined)
      throw new TypeError('the account was brought up to date without a look');
    return this.#snapshot;
  }

  began(id: string, functionName: string, at: number): void {
    const key = ++this.#keys;
    this.#running.set(id, key);
    this.#keeper.began(key, functionName, at);
  }

  ended(call: ServedCall): void {
    const key = this.#running.get(call.id) ?? ++this.#keys;
    this.#running.delete(call.id);
    this.#keeper.ended(key, call);
    this.#here.told(call.function, this.#parts.clock.now());
    this.#calls.ended(call, this.#parts.clock.wall());
  }

  left(id: string, at: number): void {
    const key = this.#running.get(id);
    this.#running.delete(id);
    if (key !== undefined) this.#keeper.left(key, at);
  }

  counted(calls: CountedCalls): void {
    this.#here.told(calls.function, this.#parts.clock.now());
    this.#calls.counted(calls, this.#parts.clock.wall());
    spread(calls, (from, to) => this.#keeper.ran(calls.function, from, to));
  }

  families(): MetricFamily[] {
    const { measuredJoules, unattributedJoules, endedJoules, since, functions, watts } = this.#sums;
    const account = { measuredJoules, unattributedJoules, endedJoules, since, functions, watts };
    const families = functionFamilies({ ...account, callWatts: this.#callWatts }).filter(
      ({ definition }) => !SHOWN_BY_WORKLOADS.includes(definition.name),
    );
    const invocations = new FamilyWriter('functionInvocations');
    for (const { function: name, status, start, count, since: from } of this.#calls.counts) {
      invocations.add(count, from, { function: name, status, ...(start && { start }) });
    }
    return [...families, invocations];
  }

  async close(): Promise<void> {
    await Promise.all(this.#parts.feeds.map((feed) => feed.close()));
    this.#take(this.#keeper.finish());
    this.#parts.store?.close();
  }

  #look(): NodeSnapshot {
    const { monitor, recognise, clock } = this.#parts;
    const snapshot = monitor.tick();
    const now = clock.now();
    this.#snapshot = snapshot;
    return functionView(snapshot, (principal) => {
      const recognition = recognise(principal);
      if (recognition?.function !== undefined) this.#here.saw(recognition.function, recognition, now);
      return recognition;
    });
  }

  /**
   * Whether it is known when a function was called of late. One that works though no call of it was told for a while is in a
   * call that is told at its end, or works by itself: it is there by what it uses.
   */
  #isTold(name: string): boolean {
    const recognition = this.#here.recognitionOf(name);
    if (recognition === undefined) return false;
    const silence = this.#parts.clock.now() - this.#here.toldAt(name);
    return this.#parts.feeds.some(
      (feed) =>
        feed.ailment() === undefined &&
        feed.covers(recognition) &&
        (!feed.isOfCluster || silence <= SILENT_POLLS * feed.lateSeconds),
    );
  }

  #take(settlements: readonly Settlement[]): void {
    const { store, log, clock } = this.#parts;
    for (const { window, calls } of settlements) {
      const whole = this.#calls.into(window);
      this.#sums.add(whole);
      try {
        store?.recordWindow(whole);
        store?.recordCalls(calls);
        store?.tidy(clock.wall());
      } catch (error) {
        log.warn('footprints could not be kept', { error: messageOf(error) });
      }
    }
  }
}
