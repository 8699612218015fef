import { type Host, messageOf } from '../../../base/index.js';

/** Asks again and again, says once when it fails, and once when it is well again. */
export class Polling {
  readonly #host: Host;
  readonly #who: string;
  readonly #seconds: number;
  readonly #poll: () => Promise<void>;
  readonly #stop = new AbortController();
  #failure: string | undefined;
  #isAsking = false;
  #running: Promise<void> = Promise.resolve();

  constructor(host: Host, who: string, seconds: number, poll: () => Promise<void>) {
    this.#host = host;
    this.#who = who;
    this.#seconds = seconds;
    this.#poll = poll;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  get isAsking(): boolean {
    return this.#isAsking;
  }

  async open(): Promise<void> {
    await this.#once();
    this.#running = this.#goOn();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #goOn(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#host.clock.sleep(this.#seconds, signal);
      if (!signal.aborted) await this.#once();
    }
  }

  async #once(): Promise<void> {
    const { log } = this.#host;
    this.#isAsking = true;
    try {
      await this.#poll();
      if (this.#failure !== undefined) log.info(`${this.#who} tells of calls again`);
      this.#failure = undefined;
    } catch (error) {
      const failure = messageOf(error);
      if (failure !== this.#failure) {
        log.warn(`${this.#who} does not tell of calls: functions are accounted by what they use`, {
          error: failure,
        });
      }
      this.#failure = failure;
    }
    this.#isAsking = false;
  }
}
