import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ManualClock } from '../../base/index.js';

export interface GridRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
}

export interface GridAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Never answers. */
  readonly silent?: boolean;
}

/** A service over real HTTP that answers as a test says, and remembers what it was asked. */
export class GridServer {
  readonly requests: GridRequest[] = [];
  readonly #answer: (request: GridRequest, count: number) => GridAnswer;
  readonly #server: Server;

  constructor(answer: (request: GridRequest, count: number) => GridAnswer) {
    this.#answer = answer;
    this.#server = createServer((incoming, response) => {
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://grid');
      const request = {
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: incoming.headers,
      };
      this.requests.push(request);
      const { status = 200, body, headers = {}, silent } = this.#answer(request, this.requests.length);
      if (silent === true) return;
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A clock on which pauses pass at once, and are remembered. */
export class PassingClock extends ManualClock {
  readonly pauses: number[] = [];

  override sleep(seconds: number): Promise<void> {
    this.pauses.push(seconds);
    this.advance(seconds);
    return Promise.resolve();
  }
}
