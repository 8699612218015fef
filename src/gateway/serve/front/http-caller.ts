import type { ServerResponse } from 'node:http';
import { OwnHeader } from '../call/call-desk.js';
import type { Caller } from '../call/caller.js';
import { REASON_HEADER, REFUSALS, type Refusal } from '../refusal.js';

const TEXT = 'text/plain; charset=utf-8';

/** A refusal as an answer: the reason as a word in a header, one line in the body. */
export function refuse(response: ServerResponse, refusal: Refusal, callId?: string): void {
  const { reason, message, retryAfterSeconds } = refusal;
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = Buffer.from(`${message}\n`);
  response.writeHead(REFUSALS[reason], {
    'content-type': TEXT,
    'content-length': body.length,
    [REASON_HEADER]: reason,
    ...(retryAfterSeconds !== undefined && {
      'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))),
    }),
    ...(callId !== undefined && { [OwnHeader.callId]: callId }),
    // What else it sends is not waited for.
    ...(!response.req.complete && { connection: 'close' }),
  });
  response.end(body);
}

/** A caller at the other end of a connection. */
export class HttpCaller implements Caller {
  readonly #response: ServerResponse;
  #resume: (() => void) | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  begin(status: number, statusText: string, headers: string[]): void {
    // Node.js takes names and values in turn, as they came.
    if (statusText === '') this.#response.writeHead(status, headers);
    else this.#response.writeHead(status, statusText, headers);
  }

  write(chunk: Uint8Array, resume: () => void): boolean {
    if (this.#response.write(chunk)) return true;
    if (this.#resume === undefined) {
      this.#resume = resume;
      this.#response.once('drain', () => {
        this.#resume = undefined;
        resume();
      });
    }
    return false;
  }

  end(trailers: Readonly<Record<string, string>> | undefined): void {
    // A trailer can only follow chunks.
    if (trailers && this.#response.chunkedEncoding) this.#response.addTrailers(trailers);
    this.#response.end();
  }

  breakOff(): void {
    this.#response.destroy();
  }

  refuse(refusal: Refusal, callId: string): void {
    refuse(this.#response, refusal, callId);
  }
}
