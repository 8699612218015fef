import { cpus } from 'node:os';
import type { Clock } from '../../../base/index.js';
import type { FunctionSpec } from '../../../model/index.js';
import type { LiveAccount } from '../../account/account.js';
import { PowerCap, type PowerCapReport } from '../../power-cap/power-cap.js';
import type { Ticket } from '../../power-cap/ticket.js';

/** The power cap as calls meet it. */
export class CallCap {
  readonly #cap: PowerCap;
  readonly #clock: Clock;
  readonly #stop: () => void;

  constructor(capWatts: number, clock: Clock, account: LiveAccount) {
    this.#clock = clock;
    this.#cap = new PowerCap({ capWatts, clock, cpus: cpus().length });
    this.#stop = account.onTick((tick) => this.#cap.update(tick));
  }

  get report(): PowerCapReport {
    return this.#cap.report();
  }

  /** `now`: it may run, and its end is to be told. A ticket: it waits for power, for as long as it may wait for a replica. */
  admit({ name, priority, queue }: FunctionSpec): 'now' | Ticket {
    const deadline = this.#clock.now() + queue.deadlineSeconds;
    return this.#cap.admit({ function: name, priority, deadline });
  }

  ended(functionName: string): void {
    this.#cap.ended({ function: functionName });
  }

  close(): void {
    this.#stop();
    this.#cap.close();
  }
}
