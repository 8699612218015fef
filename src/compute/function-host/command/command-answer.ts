import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { ReplicaHeader } from '../../replica/replica.js';
import { takesTrailers } from '../framing.js';

/** An answer up to this size is held until its command has ended, as its exit code says whether it is one. */
const HELD_BYTES = 64 * 1024;

/** What a command prints, on its way to its caller: held at first, then passed on as fast as the caller takes it. */
export class CommandAnswer {
  readonly #response: ServerResponse;
  readonly #output: () => Readable | null;
  readonly #contentType: (start: Buffer | undefined) => string;
  readonly #heldLimitBytes: number;
  readonly #held: Buffer[] = [];
  #heldBytes = 0;

  /** With `atOnce` nothing is held. `output` is paused while the caller is slow. */
  constructor(
    response: ServerResponse,
    atOnce: boolean,
    output: () => Readable | null,
    contentType: (start: Buffer | undefined) => string,
  ) {
    this.#response = response;
    this.#output = output;
    this.#contentType = contentType;
    this.#heldLimitBytes = atOnce ? 0 : HELD_BYTES;
    response.on('drain', () => this.#output()?.resume());
    // Nobody reads on: the rest is dropped.
    response.once('close', () => this.#output()?.resume());
  }

  take(chunk: Buffer): void {
    if (this.#response.headersSent) {
      this.#pass(chunk);
      return;
    }
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes <= this.#heldLimitBytes) return;
    this.#response.writeHead(200, {
      'content-type': this.#contentType(this.#held[0]),
      ...(takesTrailers(this.#response.req, 200) ? { trailer: ReplicaHeader.cpuSeconds } : {}),
    });
    this.#pass(Buffer.concat(this.#held.splice(0)));
  }

  /** The command has ended well. */
  end(cpuSeconds: number | undefined): void {
    const told = cpuSeconds === undefined ? {} : { [ReplicaHeader.cpuSeconds]: cpuSeconds.toFixed(6) };
    if (this.#response.headersSent) {
      this.#response.addTrailers(told);
      this.#response.end();
      return;
    }
    const body = Buffer.concat(this.#held);
    const type = this.#contentType(this.#held[0]);
    this.#response.writeHead(200, { 'content-type': type, 'content-length': body.length, ...told });
    this.#response.end(body);
  }

  #pass(chunk: Buffer): void {
    const { closed, destroyed } = this.#response;
    if (!closed && !destroyed && !this.#response.write(chunk)) this.#output()?.pause();
  }
}
