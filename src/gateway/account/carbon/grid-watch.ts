import { type Clock, type Logger, messageOf } from '../../../base/index.js';
import type { GridClient, GridIntensity } from '../../../meter/index.js';

/** A figure may be asked for again this soon, and is asked for again this late, whatever the service says. */
const SOONEST_SECONDS = 60;
const LATEST_SECONDS = 3_600;
/** How much longer than it was to hold a figure counts while the service does not answer. */
const GRACE_SECONDS = 7_200;

/** Keeps the grid's intensity at hand: asked for beside everything else, again when it ceases to hold. */
export class GridWatch {
  readonly #client: GridClient;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #latest: GridIntensity | undefined;
  #failure: string | undefined;

  constructor(client: GridClient, clock: Clock, log: Logger) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#loop = this.#run();
  }

  /** The last figure, unless it is too old to be told as of now. */
  get latest(): GridIntensity | undefined {
    const latest = this.#latest;
    return latest && this.#clock.wall() < latest.until + GRACE_SECONDS ? latest : undefined;
  }

  /** Why there is none, or no newer one. */
  get failure(): string | undefined {
    return this.#failure;
  }

  close(): void {
    this.#stop.abort();
    // An answer that is on its way is not waited for.
    this.#loop.catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const seconds = await this.#ask();
      await this.#clock.sleep(seconds, signal);
    }
  }

  /** Returns the seconds after which to ask again. */
  async #ask(): Promise<number> {
    try {
      this.#latest = await this.#client.latest();
      if (this.#failure !== undefined) this.#log.info(`${this.#client.name} answers again`);
      this.#failure = undefined;
      const left = this.#latest.until - this.#clock.wall();
      return Math.min(LATEST_SECONDS, Math.max(SOONEST_SECONDS, left));
    } catch (error) {
      const failure = messageOf(error);
      if (failure !== this.#failure)
        this.#log.warn("the grid's carbon intensity is not known", { error: failure });
      this.#failure = failure;
      return SOONEST_SECONDS;
    }
  }
}
