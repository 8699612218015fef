import { setTimeout as after } from 'node:timers';
import type { LoadTarget } from './load-plan.js';
import type { Sender } from './sender.js';

/** After a failure of the connection, so that a server that is gone is not asked without a pause. */
const PAUSE_AFTER_FAILURE_SECONDS = 0.1;

/** Callers who each wait for their answer before they call again. Their latencies are theirs alone: a slow answer keeps calls away. */
export class ClosedLoop {
  readonly #sender: Sender;
  readonly #targets: readonly LoadTarget[];
  readonly #until: number;
  readonly #onSent: (target: number, sentAt: number) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(
    sender: Sender,
    targets: readonly LoadTarget[],
    untilSeconds: number,
    onSent: (target: number, sentAt: number) => void,
  ) {
    this.#sender = sender;
    this.#targets = targets;
    this.#until = untilSeconds;
    this.#onSent = onSent;
  }

  start(): void {
    for (const [index, { pattern }] of this.#targets.entries()) {
      if (pattern.kind !== 'closed') continue;
      for (let caller = 0; caller < pattern.callers; caller++) this.#send(index);
    }
  }

  /** A call came back; its caller makes the next one. */
  called(index: number, hadConnection: boolean): void {
    const pattern = this.#targets[index]?.pattern;
    if (pattern?.kind !== 'closed' || this.#stopped) return;
    const pause = hadConnection
      ? pattern.thinkSeconds
      : Math.max(pattern.thinkSeconds, PAUSE_AFTER_FAILURE_SECONDS);
    if (pause === 0) {
      this.#send(index);
      return;
    }
    const timer = after(() => {
      this.#timers.delete(timer);
      this.#send(index);
    }, pause * 1e3);
    this.#timers.add(timer);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #send(index: number): void {
    if (this.#stopped || this.#sender.now() >= this.#until) return;
    this.#onSent(index, this.#sender.send(index));
  }
}
