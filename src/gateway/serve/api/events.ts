import type { ServerResponse } from 'node:http';
import { refuse } from '../front/http-caller.js';

const MOST_LISTENERS = 100;
/** A listener that is behind by so much is let go: it may come again. */
const MOST_PENDING_BYTES = 1_048_576;
const HEARTBEAT_MILLISECONDS = 15_000;

export type EventName = 'tick' | 'footprints' | 'deployed' | 'removed' | 'problem';

/** Tells listeners what happens, as server-sent events. */
export class Events {
  readonly #listeners = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;
  #id = 0;

  constructor() {
    this.#heartbeat = setInterval(() => this.#send(': still here\n\n'), HEARTBEAT_MILLISECONDS).unref();
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  listen(response: ServerResponse): void {
    if (this.#listeners.size >= MOST_LISTENERS) {
      refuse(response, {
        reason: 'queue_full',
        message: `${MOST_LISTENERS} listen already`,
        retryAfterSeconds: 10,
      });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 2000\n\n');
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }

  /** `data` is told as JSON. */
  tell(event: EventName, data: unknown): void {
    if (this.#listeners.size === 0) return;
    this.#send(`id: ${++this.#id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const one of this.#listeners) one.end();
  }

  #send(text: string): void {
    for (const one of this.#listeners) {
      if (one.writableLength > MOST_PENDING_BYTES) one.destroy();
      else one.write(text);
    }
  }
}
