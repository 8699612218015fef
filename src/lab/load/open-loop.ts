import { LogHistogram } from '../../maths/index.js';
import type { Schedule } from './schedule.js';
import type { Sender } from './sender.js';

/** Sent without a look at the answers; more at once would keep them waiting. */
const MOST_AT_ONCE = 64;
/** A timer comes up to so late. What is due sooner is waited for awake. */
const TIMER_SECONDS = 0.002;
/** Of all time, at most this part is waited awake, so that the generator leaves the machine to what it measures. */
const AWAKE_PART = 0.2;

export interface OpenLoopEvents {
  /** A call was sent. */
  onSent(target: number, dueAt: number, sentAt: number): void;
  /** A call was due longer ago than anybody would wait, and could not be sent. */
  onUnsent(target: number, dueAt: number, now: number): void;
}

/**
 * Sends calls when they are due, whatever became of those before. Where that can't be done, as too many are under way or the
 * generator has no time, it sends them as soon as it can, and tells how late that was.
 */
export class OpenLoop {
  readonly #schedule: Schedule;
  readonly #sender: Sender;
  readonly #maxInFlight: number;
  readonly #patience: (target: number) => number;
  readonly #events: OpenLoopEvents;
  readonly lateness = new LogHistogram();
  heldBack = 0;
  readonly done: Promise<void>;
  #finish: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  /** The last moment at which there was room again for a call that had been waiting for it. */
  #roomSince = 0;
  #isFull = false;
  #awakeSeconds = 0;
  #awakeSince: number | undefined;
  #stopped = false;

  constructor(
    schedule: Schedule,
    sender: Sender,
    options: { readonly maxInFlight: number; readonly patienceSeconds: (target: number) => number },
    events: OpenLoopEvents,
  ) {
    this.#schedule = schedule;
    this.#sender = sender;
    this.#maxInFlight = options.maxInFlight;
    this.#patience = options.patienceSeconds;
    this.#events = events;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  start(): void {
    this.#pump();
  }

  /** There is room for one more. */
  called(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#roomSince = this.#sender.now();
    this.#pump();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#finish();
  }

  readonly #pump = (): void => {
    if (this.#stopped) return;
    let now = this.#sender.now();
    this.#sleptAwake(now);
    for (let sent = 0; this.#schedule.at <= now; sent++) {
      if (sent === MOST_AT_ONCE) return this.#again();
      const { at, target } = this.#schedule;
      if (now - at > this.#patience(target)) {
        this.#events.onUnsent(target, at, now);
      } else if (this.#sender.inFlight >= this.#maxInFlight) {
        this.#isFull = true;
        return;
      } else {
        now = this.#sender.send(target, at);
        this.lateness.record(now - at);
        if (at < this.#roomSince) this.heldBack++;
        this.#events.onSent(target, at, now);
      }
      this.#schedule.advance();
    }
    this.#wait(now);
  };

  #again(): void {
    clearImmediate(this.#soon);
    this.#soon = setImmediate(this.#pump);
  }

  #wait(now: number): void {
    const { at } = this.#schedule;
    if (at === Number.POSITIVE_INFINITY) return this.stop();
    clearTimeout(this.#timer);
    const wait = at - now;
    if (wait > TIMER_SECONDS) {
      this.#timer = setTimeout(this.#pump, Math.min((wait - TIMER_SECONDS) * 1e3 + 1, 2 ** 30));
    } else if (this.#awakeSeconds < now * AWAKE_PART) {
      this.#awakeSince = now;
      this.#again();
    } else {
      this.#timer = setTimeout(this.#pump, 1);
    }
  }

  #sleptAwake(now: number): void {
    if (this.#awakeSince === undefined) return;
    this.#awakeSeconds += now - this.#awakeSince;
    this.#awakeSince = undefined;
  }
}
