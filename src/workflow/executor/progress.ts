import type { Future } from './future.js';
import type { MapProgress } from './options.js';

/** Counts the calls of one map, and tells whoever wants to know. */
export class ProgressCount {
  readonly #name: string;
  readonly #total: number | undefined;
  readonly #tell: ((progress: MapProgress) => void) | undefined;
  #started = 0;
  #retries = 0;
  readonly #ended = { done: 0, failed: 0, cancelled: 0 };

  constructor(name: string, total: number | undefined, tell: ((progress: MapProgress) => void) | undefined) {
    this.#name = name;
    this.#total = total;
    this.#tell = tell;
  }

  follow(call: Future<unknown>): void {
    this.#started++;
    if (this.#tell) void call.settled().then(() => this.#settled(call));
  }

  #settled({ status, attempts }: Future<unknown>): void {
    this.#ended[status === 'done' || status === 'cancelled' ? status : 'failed']++;
    this.#retries += Math.max(0, attempts - 1);
    this.#tell?.({
      function: this.#name,
      ...(this.#total === undefined ? {} : { total: this.#total }),
      started: this.#started,
      ...this.#ended,
      retries: this.#retries,
    });
  }
}
