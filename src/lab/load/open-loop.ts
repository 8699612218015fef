import { Alarm } from './alarm.js';
import type { Schedule } from './schedule.js';
import type { Sender } from './sender.js';

/** Sent without a look at the answers; more at once would keep them waiting. */
const MOST_AT_ONCE = 64;
/** What is due sooner goes together: to wake up for each of many calls would cost more than to send them. */
const SHORTEST_WAIT_SECONDS = 0.0005;

export interface OpenLoopOptions {
  readonly maxInFlight: number;
  /** Seconds after which nobody would wait any more for a call that could not be sent. */
  readonly patienceSeconds: (target: number) => number;
  /** `isHeld`: it had to wait until fewer calls were under way. */
  readonly onSent: (target: number, dueAt: number, sentAt: number, isHeld: boolean) => void;
  readonly onUnsent: (target: number, dueAt: number, now: number) => void;
}

/**
 * Sends calls when they are due, whatever became of those before. Where that can't be done, as too many are under way or the
 * generator has no time, it sends them as soon as it can, and tells how late that was.
 */
export class OpenLoop {
  readonly #schedule: Schedule;
  readonly #sender: Sender;
  readonly #options: OpenLoopOptions;
  readonly done: Promise<void>;
  #finish: () => void = () => {};
  readonly #alarm: Alarm | undefined;
  #soon: NodeJS.Immediate | undefined;
  /** The last moment at which there was room again for a call that had been waiting for it. */
  #roomSince = 0;
  #isFull = false;
  /** A call may end while it is being sent. */
  #isSending = false;
  #isStopped = false;

  constructor(schedule: Schedule, sender: Sender, options: OpenLoopOptions) {
    this.#schedule = schedule;
    this.#sender = sender;
    this.#options = options;
    this.#alarm = schedule.at === Number.POSITIVE_INFINITY ? undefined : new Alarm(this.#send);
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  start(): void {
    this.#send();
  }

  /** A call came back: there is room for one more, and the generator is awake. */
  called(now: number): void {
    if (this.#isFull) {
      this.#isFull = false;
      this.#roomSince = now;
    }
    if (this.#schedule.at <= now) this.#send();
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearImmediate(this.#soon);
    this.#finish();
  }

  async close(): Promise<void> {
    this.stop();
    await this.#alarm?.close();
  }

  readonly #send = (): void => {
    if (this.#isStopped || this.#isSending || this.#isFull) return;
    this.#isSending = true;
    const now = this.#sendDue();
    this.#isSending = false;
    if (this.#isFull) return;
    const { at } = this.#schedule;
    if (at === Number.POSITIVE_INFINITY) this.stop();
    else if (at > now) this.#alarm?.set(Math.max(SHORTEST_WAIT_SECONDS, at - now));
    else {
      clearImmediate(this.#soon);
      this.#soon = setImmediate(this.#send);
    }
  };

  #sendDue(): number {
    const schedule = this.#schedule;
    const { maxInFlight, patienceSeconds, onSent, onUnsent } = this.#options;
    let now = this.#sender.now();
    for (let sent = 0; schedule.at <= now && sent < MOST_AT_ONCE; sent++) {
      const { at, target } = schedule;
      if (now - at > patienceSeconds(target)) {
        onUnsent(target, at, now);
      } else if (this.#sender.inFlight >= maxInFlight) {
        this.#isFull = true;
        return now;
      } else {
        now = this.#sender.send(target, at);
        onSent(target, at, now, at < this.#roomSince);
      }
      schedule.advance();
    }
    return now;
  }
}
