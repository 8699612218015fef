import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AsyncCalls } from '../../async/async-calls.js';
import type { AsyncRefusal } from '../../async/call.js';
import { OwnHeader } from '../call/call-desk.js';
import type { Pools } from '../pool/pools.js';
import type { Refusal } from '../refusal.js';
import { send } from './answer.js';
import { unknownFunction } from './call-front.js';
import { addedHeaders, addressIn, callIdOf } from './function-request.js';
import { refuse } from './http-caller.js';

export const ASYNC_PREFIX = '/async-function/';

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** Calls that are accepted now and made when there is room. */
export class AsyncFront {
  readonly #calls: AsyncCalls;
  readonly #pools: Pools;
  /** Set when the gateway drains: no more calls are taken. */
  refusal: Refusal | undefined;

  constructor(calls: AsyncCalls, pools: Pools) {
    this.#calls = calls;
    this.#pools = pools;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = addressIn(request.url ?? '/', ASYNC_PREFIX);
    if (request.method !== 'POST') {
      send(response, { status: 405, body: 'only POST\n', headers: { allow: 'POST' } });
      return;
    }
    if (address === undefined || this.#pools.get(address.name) === undefined) {
      refuse(response, unknownFunction(address?.name ?? ''));
      return;
    }
    if (this.refusal) {
      refuse(response, this.refusal);
      return;
    }
    const at = address.path.indexOf('?');
    const outcome = await this.#calls.accept({
      function: address.name,
      id: callIdOf(request),
      method: 'POST',
      path: at < 0 ? address.path : address.path.slice(0, at),
      query: at < 0 ? '' : address.path.slice(at + 1),
      headers: passedOn(request),
      body: request,
      callback: one(request.headers['x-callback-url']),
    });
    if (outcome.isAccepted) send(response, { status: 202, headers: { [OwnHeader.callId]: outcome.id } });
    else refused(response, outcome);
  }
}

/** Names of headers in lower case, values as they came, with what the gateway adds. */
function passedOn(request: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers[name] = value;
  const added = addedHeaders(request, '');
  for (let i = 2; i < added.length; i += 2) headers[(added[i] ?? '').toLowerCase()] = added[i + 1] ?? '';
  return headers;
}

function refused(response: ServerResponse, { httpStatus, message, retryAfterSeconds }: AsyncRefusal): void {
  send(response, {
    status: httpStatus,
    body: `${message}\n`,
    ...(retryAfterSeconds !== undefined && {
      headers: { 'retry-after': String(Math.ceil(retryAfterSeconds)) },
    }),
  });
}
