import { type Clock, type Logger, messageOf } from '../../../base/index.js';
import type { OnlineAccount } from '../../../footprint/index.js';
import type { NodeMonitor, NodeSnapshot } from '../../../meter/index.js';
import type { EnergyOrigin, ServedCall } from '../../../model/index.js';
import type { AccountTick, FunctionPower } from '../account.js';
import { CallLedger } from '../calls/call-ledger.js';
import type { OpenCall } from '../calls/running-call.js';
import type { CarbonNow } from '../carbon/carbon-now.js';
import { functionOf } from '../observe/principals.js';
import { RateKeeper } from './energy-rate.js';
import { EpochTime } from './epoch-time.js';
import { Forecasts } from './forecasts.js';
import type { MachineTick } from './machine-tick.js';
import { type Settlement, settle } from './settle.js';
import { SnapshotReader } from './snapshot-amounts.js';
import { TickGrid } from './tick-grid.js';

export interface KeeperParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly monitor: Pick<NodeMonitor, 'tick'>;
  readonly account: Pick<OnlineAccount, 'advance'>;
  readonly carbon: () => CarbonNow;
  readonly intervalSeconds: number;
  readonly updateSeconds: number;
  /** Ticks after its end at which a window is settled: for those who hear of calls late. 1 when not given. */
  readonly lateTicks?: number;
}

/** Clocks of gateway and account are one, but they are not read at one moment. */
const LEEWAY_SECONDS = 1;
/** While what is told is of about the same time the clock was not set: it need not be read for every call. */
const SAME_TIME_SECONDS = 0.1;

/** What a tick brought. */
export interface KeptTick {
  readonly tick: AccountTick;
  readonly snapshot: NodeSnapshot;
  /** Ticks of the account's grid that are full by now. */
  readonly machine: readonly MachineTick[];
  /** Windows that were settled now. */
  readonly settlements: readonly Settlement[];
}

/**
 * The account of functions, tick by tick and window by window: nothing in it waits, and nothing in it is written anywhere.
 * A window is settled a tick or more after its end, so that whatever ended in it has been told by then.
 */
export class AccountKeeper {
  readonly #parts: KeeperParts;
  readonly #time: EpochTime;
  readonly #updateTicks: number;
  readonly #reader = new SnapshotReader();
  readonly #rates = new RateKeeper();
  readonly #forecasts = new Forecasts();
  /** Functions whose CPU time is known. */
  readonly #metered = new Set<string>();
  #grid: TickGrid | undefined;
  #ledger: CallLedger;
  /** Full ticks that are in no window yet. */
  #ticks: MachineTick[] = [];
  /** Of the ticks before these, on the grid. */
  #taken = 0;
  #lateJoules = 0;
  /** Windows that were settled between two ticks. */
  readonly #early: Settlement[] = [];
  #tickedAt: number;
  /** What was told of when the clock was looked at last. */
  #followedAt = Number.NEGATIVE_INFINITY;
  /** The latest that can be told of without a look at the clock. */
  #sureUntil = Number.NEGATIVE_INFINITY;
  /** Calls that went without energy, as far as that was said. */
  #unsettled = 0;
  #origin: EnergyOrigin | undefined;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#time = new EpochTime(parts.clock);
    this.#tickedAt = parts.clock.now();
    this.#updateTicks = Math.max(1, Math.round(parts.updateSeconds / parts.intervalSeconds));
    this.#ledger = new CallLedger(this.#nearestEdge(this.#time.now()), parts.intervalSeconds);
  }

  /** Seconds since 1970, as the account counts them. */
  now(): number {
    return this.#time.now();
  }

  /** As of the last settled window; the same list until the next. */
  get forecasts(): readonly FunctionPower[] {
    return this.#forecasts.list;
  }

  /** Calls that run, and those whose energy is not settled yet. */
  openCalls(): Iterable<OpenCall> {
    return this.#ledger.open();
  }

  began(key: number, name: string, at: number): void {
    this.#follow(at);
    this.#ledger.began(key, name, this.#notLater(at));
  }

  ended(key: number, call: ServedCall): void {
    this.#follow(call.endedAt);
    this.#ledger.ended(key, call, this.#notLater(call.endedAt));
  }

  /** Calls ran of which no more is known. */
  ran(name: string, from: number, to: number): void {
    this.#ledger.ran(name, from, to);
  }

  /** What began is over, and was no call that anyone could tell of. */
  left(key: number, at: number): void {
    this.#ledger.left(key, at);
  }

  /** These are all calls that run now. */
  resume(calls: Iterable<readonly [key: number, name: string, startedAt: number]>): void {
    this.#ledger.resume(calls, this.now());
  }

  tick(): KeptTick {
    const snapshot = this.#parts.monitor.tick();
    const { amounts, lateJoules } = this.#reader.read(snapshot);
    this.#followClock();
    const now = this.#time.now();
    let machine: MachineTick[] = [];
    if (this.#grid === undefined) {
      // What was drawn before the first edge is in no tick: the account begins here.
      this.#begin(this.#nearestEdge(now));
    } else {
      this.#lateJoules += lateJoules;
      machine = this.#grid.add(now, amounts);
    }
    this.#note(snapshot, machine);
    const settlements = [...this.#early.splice(0), ...this.#due(this.#parts.lateTicks ?? 1)];
    this.#tickedAt = this.#parts.clock.now();
    const { watts, idleWatts, busyCpus, seconds } = snapshot;
    const rate = this.#rates.take(snapshot);
    const tick = { at: now, seconds, watts, idleWatts, busyCpus, rate, functions: this.#forecasts.list };
    return { tick, snapshot, machine, settlements };
  }

  /** Settles all that is left: the last window may be shorter. */
  finish(): Settlement[] {
    const last = (): Settlement[] => (this.#ticks.length > 0 ? [this.#settle(this.#ticks.length)] : []);
    return [...this.#early.splice(0), ...this.#due(0), ...last()];
  }

  #begin(start: number): void {
    this.#grid = new TickGrid(start, this.#parts.intervalSeconds);
    this.#ledger.moveTo(start, 0);
    this.#taken = 0;
  }

  #note(snapshot: NodeSnapshot, machine: readonly MachineTick[]): void {
    for (const tick of machine) {
      this.#ticks.push(tick);
      this.#lateJoules += tick.strayJoules;
      for (const key of tick.cpuSeconds.keys()) {
        const name = functionOf(key);
        if (name === undefined) continue;
        this.#metered.add(name);
        this.#ledger.know(name);
      }
    }
    const { primary, energies } = snapshot;
    const energy = energies.find(
      ({ source, domain }) => source === primary?.source && primary.domains.includes(domain),
    );
    if (energy) this.#origin = { source: energy.source, provenance: energy.provenance };
  }

  /** Windows that have ended at least so many ticks ago. */
  #due(ticksAgo: number): Settlement[] {
    const settlements: Settlement[] = [];
    while (this.#ticks.length >= this.#updateTicks + ticksAgo) {
      settlements.push(this.#settle(this.#updateTicks));
    }
    return settlements;
  }

  #settle(count: number): Settlement {
    const ticks = this.#ticks.splice(0, count);
    this.#taken += count;
    const lateJoules = this.#lateJoules;
    this.#lateJoules = 0;
    const { account, carbon, log, intervalSeconds } = this.#parts;
    const unsettled = this.#ledger.unsettled;
    if (unsettled > this.#unsettled) {
      log.warn('too many calls wait for their energy: some go without', {
        calls: unsettled - this.#unsettled,
      });
      this.#unsettled = unsettled;
    }
    const settlement = settle({
      ticks,
      untilTick: this.#taken,
      tickSeconds: intervalSeconds,
      ledger: this.#ledger,
      metered: this.#metered,
      account,
      carbon: carbon(),
      origin: this.#origin,
      lateJoules,
      onFailure: (error) =>
        log.error('a window could not be shared out: its energy is nobody’s', { error: messageOf(error) }),
    });
    this.#forecasts.take(settlement.functions);
    return settlement;
  }

  #follow(at: number): void {
    if (Math.abs(at - this.#followedAt) < SAME_TIME_SECONDS) return;
    this.#followClock();
    this.#followedAt = at;
    this.#sureUntil = this.#time.now() + LEEWAY_SECONDS;
  }

  /** Whoever tells of calls sees a clock that is set as soon as this does: what is told from then on is by its new time. */
  #followClock(): void {
    const by = this.#time.adjust();
    if (by !== 0) this.#clockWasSet(by);
  }

  /** What was counted by the clock before is settled by it; time then goes on where the clock says. */
  #clockWasSet(by: number): void {
    const { log, clock, intervalSeconds } = this.#parts;
    log.warn('the clock was set: the account goes on by its new time', { seconds: by });
    this.#followedAt = this.#sureUntil = Number.NEGATIVE_INFINITY;
    this.#early.push(...this.finish());
    const start = this.#nearestEdge(this.#time.now() - (clock.now() - this.#tickedAt));
    this.#ledger.moveTo(start, by);
    this.#taken = 0;
    if (this.#grid === undefined) return;
    const { open } = this.#grid;
    this.#grid = new TickGrid(start, intervalSeconds);
    if (open) this.#grid.add(start, open);
  }

  /** What was told just before the clock was set back, and comes after that, is not of the future. */
  #notLater(at: number): number {
    return at <= this.#sureUntil ? at : Math.min(at, this.#time.now() + LEEWAY_SECONDS);
  }

  #nearestEdge(at: number): number {
    const { intervalSeconds } = this.#parts;
    return Math.round(at / intervalSeconds) * intervalSeconds;
  }
}
