import { Client } from 'undici';

/**
 * Connections to one server, each for one call at a time. The one that was used last is used next, so that there are no more
 * than calls that were under way at once.
 */
export class Connections {
  readonly #origin: string;
  readonly #idle: Client[] = [];
  readonly #all: Client[] = [];

  constructor(origin: string) {
    this.#origin = origin;
  }

  take(): Client {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    // Timeouts are the load's own: one clock for all calls costs less than a timer for each.
    const client = new Client(this.#origin, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
    this.#all.push(client);
    return client;
  }

  give(client: Client): void {
    this.#idle.push(client);
  }

  get size(): number {
    return this.#all.length;
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((client) => client.destroy()));
  }
}
