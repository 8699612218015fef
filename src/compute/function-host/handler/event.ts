import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FunctionEvent } from './handler-api.js';
import { collect } from './read-body.js';

/** A call as its handler sees it. What costs something is made when it is asked for. */
export class CallEvent implements FunctionEvent {
  readonly body: unknown;
  readonly rawBody: Buffer | undefined;
  readonly #request: IncomingMessage;
  readonly #limitBytes: number;
  #query: Readonly<Record<string, string>> | undefined;
  #read: Promise<Buffer> | undefined;

  constructor(request: IncomingMessage, limitBytes: number, rawBody?: Buffer, body?: unknown) {
    this.#request = request;
    this.#limitBytes = limitBytes;
    this.rawBody = rawBody;
    this.body = body;
  }

  get headers(): IncomingHttpHeaders {
    return this.#request.headers;
  }

  get method(): string {
    return this.#request.method ?? 'GET';
  }

  get url(): string {
    return this.#request.url ?? '/';
  }

  get path(): string {
    const { url } = this;
    const end = url.indexOf('?');
    return end < 0 ? url : url.slice(0, end);
  }

  get query(): Readonly<Record<string, string>> {
    const start = this.url.indexOf('?');
    this.#query ??= start < 0 ? {} : Object.fromEntries(new URLSearchParams(this.url.slice(start + 1)));
    return this.#query;
  }

  get stream(): Readable {
    return this.rawBody === undefined ? this.#request : Readable.from([this.rawBody], { objectMode: false });
  }

  bytes(): Promise<Buffer> {
    this.#read ??=
      this.rawBody === undefined ? collect(this.#request, this.#limitBytes) : Promise.resolve(this.rawBody);
    return this.#read;
  }

  async text(): Promise<string> {
    return (await this.bytes()).toString('utf8');
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}
