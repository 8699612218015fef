import type { Call } from './call.js';

/** Calls under way, in the order of sending, so that only the first ones need to be looked at for whose time is over. */
export class Deadlines {
  readonly #timeoutSeconds: number;
  readonly #calls = new Set<Call>();

  constructor(timeoutSeconds: number) {
    this.#timeoutSeconds = timeoutSeconds;
  }

  add(call: Call): void {
    this.#calls.add(call);
  }

  delete(call: Call): void {
    this.#calls.delete(call);
  }

  /** Gives up what was sent too long ago. */
  check(now: number): void {
    for (const call of this.#calls) {
      if (now - call.sentAt < this.#timeoutSeconds) return;
      call.giveUp();
    }
  }

  get calls(): Iterable<Call> {
    return this.#calls;
  }
}
