import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as the server got it whole. */
export interface Delivery {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ServerAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** A server on a loopback port that keeps what reached it whole: it stands for functions and for callback addresses. */
export class FunctionServer {
  readonly deliveries: Delivery[] = [];
  url = '';
  #answer: (delivery: Delivery) => ServerAnswer | Promise<ServerAnswer>;
  #waiting: (() => void)[] = [];
  readonly #server = createServer(async (request, response) => {
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return;
    const { url: path = '', method = '', headers } = request;
    const delivery = { path, method, headers, body };
    this.deliveries.push(delivery);
    for (const wake of this.#waiting.splice(0)) wake();
    const answer = await this.#answer(delivery);
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  });

  constructor(answer: (delivery: Delivery) => ServerAnswer | Promise<ServerAnswer> = () => ({})) {
    this.#answer = answer;
  }

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  /** Resolves when so many deliveries have come. */
  async came(count: number): Promise<readonly Delivery[]> {
    while (this.deliveries.length < count)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    return this.deliveries;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
