import type { Clock } from '../../base/index.js';
import type { GatewaySettings } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { DAY, HOUR, MINUTE } from './levels.js';
import type { Names } from './names.js';
import type { PageLedger } from './page-ledger.js';
import { Removals } from './removals.js';
import { oldestUses } from './uses.js';

export type Retention = GatewaySettings['retention'];

/** How long a step goes on removing. Others that write wait for that long, and for one portion more. */
const STEP_SECONDS = 0.02;
/** How often names that nobody uses any more are looked for. */
const NAMES_SECONDS = 600;
/** Pages that are given back to the file system between two looks at the clock. */
const PAGE_PORTION = 32;
/** Free pages are kept for what comes next: up to this part of the file, or so many of them. */
const FREE_PART = 0.25;
const FREE_PAGES = 4_096;
/** `auto_vacuum` of a file whose free pages can be given back one by one. It is so from its beginning, or never. */
const INCREMENTAL = 2;

/** Leaves out what need no longer be kept, in steps that each keep others from writing for a moment only. */
export class Tidier {
  readonly #connection: Connection;
  readonly #names: Names;
  readonly #ledger: PageLedger;
  readonly #removals: Removals;
  readonly #clock: Clock;
  #namesAt = Number.NEGATIVE_INFINITY;

  constructor(connection: Connection, names: Names, ledger: PageLedger, clock: Clock) {
    this.#connection = connection;
    this.#names = names;
    this.#ledger = ledger;
    this.#removals = new Removals(connection);
    this.#clock = clock;
  }

  /** One step. `done` when nothing is left to be done now. */
  tidy(now: number, retention: Retention): { done: boolean } {
    const until = this.#clock.now() + STEP_SECONDS;
    const hasTime = (): boolean => this.#clock.now() < until;
    const removed = this.#ledger.transaction(() => {
      const count = this.#removeOld(now, retention, hasTime) + this.#removeBeyond(retention.max_mib, hasTime);
      if (count === 0) this.#removeNames(now);
      return count;
    });
    return { done: removed === 0 && !this.#giveBack(hasTime) };
  }

  #removeOld(now: number, retention: Retention, hasTime: () => boolean): number {
    const raw = now - retention.raw_hours * HOUR;
    const minutes = now - retention.minutes_days * DAY;
    // Hours make up what minutes leave out, so that they are kept for as long at least.
    const hours = now - Math.max(retention.hours_days, retention.minutes_days) * DAY;
    const steps = [
      () => this.#removals.calls(raw),
      () => this.#removals.rates(raw),
      () => this.#removals.seconds(raw),
      () => this.#removals.windows(MINUTE, minutes),
      () => this.#removals.windows(HOUR, hours),
      () => this.#removals.windows(DAY, hours),
    ];
    return steps.reduce((sum, step) => sum + repeat(step, hasTime), 0);
  }

  /** What is finest goes first, the oldest of it first. */
  #removeBeyond(limitMib: number, hasTime: () => boolean): number {
    const isAbove = (): boolean => hasTime() && this.#ledger.sizeMib() > limitMib;
    const steps = [
      () => this.#removals.calls(),
      () => this.#removals.rates(),
      () => this.#removals.seconds(),
      () => this.#removals.windows(MINUTE),
      () => this.#removals.windows(HOUR),
      () => this.#removals.windows(DAY),
    ];
    return steps.reduce((sum, step) => sum + repeat(step, isAbove), 0);
  }

  #removeNames(now: number): void {
    if (now - this.#namesAt < NAMES_SECONDS) return;
    this.#namesAt = now;
    for (const [kind, since] of oldestUses(this.#connection, now)) this.#names.remove(kind, since);
  }

  /** Gives free pages back to the file system where there are more than will soon be used. Whether there may be more. */
  #giveBack(hasTime: () => boolean): boolean {
    if (this.#connection.integer('PRAGMA auto_vacuum') !== INCREMENTAL) return false;
    const spare = (): number => {
      const free = this.#connection.integer('PRAGMA freelist_count') ?? 0;
      const all = this.#connection.integer('PRAGMA page_count') ?? 0;
      return free - Math.max(FREE_PAGES, all * FREE_PART);
    };
    while (hasTime()) {
      if (spare() < PAGE_PORTION) return false;
      this.#connection.rows(`PRAGMA incremental_vacuum(${PAGE_PORTION})`);
    }
    return true;
  }
}

/** Does it until nothing is left or `goesOn` says no; tells how much it was in all. */
function repeat(step: () => number, goesOn: () => boolean): number {
  let sum = 0;
  while (goesOn()) {
    const count = step();
    if (count === 0) break;
    sum += count;
  }
  return sum;
}
