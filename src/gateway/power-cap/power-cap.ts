import { type Clock, ErrorCode, WattloopError } from '../../base/index.js';
import type { AccountTick } from '../account/account.js';
import { type AchievedPower, PowerRecord } from './achieved-power.js';
import { Alarm, type SetTimer, systemTimer } from './alarm.js';
import { fairnessOf, type PriorityFairness } from './fairness.js';
import { Forecast } from './forecast.js';
import { type CappedFunction, LineStatistics } from './line-statistics.js';
import { type CappedCall, type Settlement, type ShedReason, Ticket } from './ticket.js';
import { WaitingLine } from './waiting-line.js';

export interface PowerCapOptions {
  readonly capWatts: number;
  readonly clock: Pick<Clock, 'now'>;
  /** Processors of the machine, and its power at most: what the first calls are expected to draw is made of them. */
  readonly cpus: number;
  /** The cap when not given. */
  readonly maxWatts?: number;
  /** Power without work, where it is known beforehand: else ticks tell it. */
  readonly idleWatts?: number;
  /** Calls that wait at most. */
  readonly maxWaiting?: number;
  /** So many seconds of waiting weigh as much as one step of priority: nobody waits for ever. */
  readonly ageSeconds?: number;
  readonly setTimer?: SetTimer;
}

/** What the cap does and did. Plain data. */
export interface PowerCapReport {
  readonly capWatts: number;
  /** With the calls that run now; `reserveWatts` of the cap are kept free for its error. */
  readonly predictedWatts: number;
  readonly reserveWatts: number;
  /** What the functions' own powers are multiplied by, and what is added, so that they meet what is measured. */
  readonly gain: number;
  readonly offsetWatts: number;
  readonly running: number;
  readonly waiting: number;
  /** Absent where no power was measured yet. */
  readonly achieved?: AchievedPower;
  readonly functions: readonly CappedFunction[];
  readonly fairness: readonly PriorityFairness[];
}

const MAX_WAITING = 10_000;
const AGE_SECONDS = 10;

/**
 * Lets calls run while the power that is expected with them stays below the cap. The others wait: higher priorities
 * before lower ones, but `ageSeconds` of waiting make up for a step of priority; and none overtakes one before it, so that
 * a call that needs much gets its turn. A call runs alone however much it draws, as it would else wait for ever.
 */
export class PowerCap {
  readonly #options: PowerCapOptions;
  readonly #ageSeconds: number;
  readonly #maxWaiting: number;
  readonly #forecast: Forecast;
  readonly #line = new WaitingLine();
  readonly #statistics = new LineStatistics();
  readonly #power: PowerRecord;
  readonly #alarm: Alarm;
  #numbers = 0;
  #isClosed = false;

  constructor(options: PowerCapOptions) {
    const { capWatts, clock, cpus, maxWatts = capWatts, idleWatts, ageSeconds = AGE_SECONDS } = options;
    if (!(capWatts > 0 && Number.isFinite(capWatts)))
      throw new WattloopError(ErrorCode.badUsage, `a power cap of ${capWatts} W can't be kept`, {
        remedy: 'Give watts above what the machine draws without work',
      });
    this.#options = options;
    this.#ageSeconds = ageSeconds;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.#forecast = new Forecast(
      {
        ...(idleWatts !== undefined && { idleWatts }),
        firstCallWatts: Math.max(0, maxWatts - (idleWatts ?? 0)) / cpus,
      },
      clock.now(),
    );
    this.#power = new PowerRecord(capWatts);
    this.#alarm = new Alarm(options.setTimer ?? systemTimer, () => this.#drain());
  }

  /** `now`: it may run, and its end is to be told. A ticket: it waits. */
  admit(call: CappedCall): 'now' | Ticket {
    const now = this.#now();
    if (this.#line.size > 0) this.#drain();
    if (this.#line.size === 0 && !this.#isClosed && this.#fits(call)) {
      this.#forecast.began(call.function, now);
      this.#statistics.admittedAtOnce(call.function, call.priority);
      return 'now';
    }
    const rank = now - call.priority * this.#ageSeconds;
    const place = { arrivedAt: now, number: this.#numbers++, rank };
    const ticket = new Ticket(call, place, (each) => this.#cancel(each));
    this.#line.add(ticket);
    if (this.#isClosed) this.#shed(ticket, 'closed');
    else if (this.#line.size > this.#maxWaiting) this.#shedLast();
    // It may be the first of all by its priority, and fit where the one that was first does not.
    this.#drain();
    return ticket;
  }

  /** A call that was let run has ended. */
  ended({ function: name }: Pick<CappedCall, 'function'>): void {
    if (this.#forecast.ended(name, this.#now()) && this.#line.size > 0) this.#drain();
  }

  /** What was measured; calls that now fit are let run. */
  update(tick: AccountTick): void {
    this.#forecast.update(tick, this.#now());
    if (tick.watts !== undefined) this.#power.add(tick.watts, tick.seconds);
    this.#drain();
  }

  report(): PowerCapReport {
    const functions = this.#statistics.functions();
    const achieved = this.#power.achieved();
    return {
      capWatts: this.#options.capWatts,
      predictedWatts: this.#forecast.predictedWatts,
      reserveWatts: this.#forecast.reserveWatts,
      gain: this.#forecast.gain,
      offsetWatts: this.#forecast.offsetWatts,
      running: this.#forecast.count,
      waiting: this.#line.size,
      ...(achieved !== undefined && { achieved }),
      functions,
      fairness: fairnessOf(functions),
    };
  }

  /** Whoever waits is shed, and so is whoever comes. */
  close(): void {
    this.#isClosed = true;
    this.#alarm.clear();
    for (let ticket = this.#line.next; ticket !== undefined; ticket = this.#line.next)
      this.#shed(ticket, 'closed');
  }

  #now(): number {
    return this.#options.clock.now();
  }

  #fits({ function: name }: CappedCall): boolean {
    return this.#forecast.count === 0 || this.#forecast.with(name) <= this.#options.capWatts;
  }

  #shedLast(): void {
    const { last } = this.#line;
    if (last !== undefined) this.#shed(last, 'overload');
  }

  /** Sheds those whose time is over and lets run those that fit, one after the other as they stand in the line. */
  #drain(): void {
    const now = this.#now();
    for (
      let late = this.#line.firstDeadline;
      late !== undefined && late.call.deadline <= now;
      late = this.#line.firstDeadline
    )
      this.#shed(late, 'deadline');
    for (let next = this.#line.next; next !== undefined && this.#fits(next.call); next = this.#line.next) {
      const { call, arrivedAt } = next;
      const waitedSeconds = now - arrivedAt;
      this.#forecast.began(call.function, now);
      this.#statistics.admittedAfter(call.function, call.priority, waitedSeconds);
      this.#settle(next, { outcome: 'admitted', waitedSeconds });
    }
    this.#setAlarm();
  }

  #setAlarm(): void {
    const deadline = this.#line.firstDeadline?.call.deadline;
    if (deadline === undefined) this.#alarm.clear();
    else this.#alarm.set(deadline, this.#now());
  }

  #shed(ticket: Ticket, reason: ShedReason): void {
    const { call, arrivedAt } = ticket;
    const waitedSeconds = this.#now() - arrivedAt;
    this.#statistics.shed(call.function, call.priority, waitedSeconds, reason);
    this.#settle(ticket, { outcome: 'shed', waitedSeconds, reason });
  }

  #cancel(ticket: Ticket): void {
    const { call, arrivedAt } = ticket;
    const waitedSeconds = this.#now() - arrivedAt;
    this.#statistics.cancelled(call.function, call.priority, waitedSeconds);
    this.#settle(ticket, { outcome: 'cancelled', waitedSeconds });
    this.#drain();
  }

  /** Those who listen are told last: they may come back at once with calls that end or begin. */
  #settle(ticket: Ticket, settlement: Settlement): void {
    const tell = ticket.settle(settlement);
    this.#line.removed();
    tell();
  }
}
