import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { messageOf } from '../../base/index.js';
import type { CallHeaders } from './call.js';
import { type Forbidden, refusedCallback } from './callback-address.js';
import { endToEnd } from './end-to-end.js';

export interface CallbackMessage {
  readonly address: string;
  readonly id: string;
  readonly function: string;
  readonly status: number;
  readonly durationSeconds?: number;
  /** Why this is not what the function answered. */
  readonly failure?: string;
  /** As the function gave them. */
  readonly headers: CallHeaders;
  readonly body: Uint8Array | Readable;
  readonly bytes: number;
}

/** What came of it. Without a failure, the address has taken it. */
export interface CallbackOutcome {
  readonly failure?: string;
  /** It will never be taken. */
  readonly isFinal?: boolean;
  readonly retryAfter?: string | readonly string[] | undefined;
}

const ANSWER_SECONDS = 30;
const CONNECT_SECONDS = 10;

class ForbiddenAddress extends Error {}

/** Resolves names, and gives no address that is forbidden: a name may lead anywhere, and elsewhere the next time. */
function guardedLookup(forbidden: Forbidden, lookup: typeof systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = addresses.filter(({ address }) => !forbidden(address));
      const [first] = allowed;
      if (first === undefined) {
        const shown = addresses.map(({ address }) => address).join(', ');
        return callback(
          new ForbiddenAddress(`${hostname} leads to ${shown}, to which no callback goes`),
          '',
          0,
        );
      }
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Tells addresses what functions answered. undici is loaded for the first of them. */
export class Callbacks {
  readonly #forbidden: Forbidden;
  readonly #lookup: LookupFunction;
  #agent: Promise<Dispatcher> | undefined;

  constructor(forbidden: Forbidden, lookup: typeof systemLookup = systemLookup) {
    this.#forbidden = forbidden;
    this.#lookup = guardedLookup(forbidden, lookup);
  }

  async send(message: CallbackMessage, signal: AbortSignal): Promise<CallbackOutcome> {
    const refusal = refusedCallback(message.address, this.#forbidden);
    if (refusal !== undefined) return { failure: refusal, isFinal: true };
    const url = new URL(message.address);
    try {
      this.#agent ??= this.#connect();
      const agent = await this.#agent;
      const { statusCode, headers, body } = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: callbackHeaders(message, url),
        body: message.body,
        signal,
      });
      await body.dump();
      if (statusCode >= 200 && statusCode < 300) return {};
      return {
        failure: `the callback address answered ${statusCode}`,
        isFinal: statusCode === 410,
        retryAfter: headers['retry-after'],
      };
    } catch (error) {
      return {
        failure: `the callback address could not be told: ${messageOf(error)}`,
        isFinal: error instanceof ForbiddenAddress,
      };
    } finally {
      if (!(message.body instanceof Uint8Array)) message.body.destroy();
    }
  }

  async close(): Promise<void> {
    await (await this.#agent)?.destroy();
  }

  async #connect(): Promise<Dispatcher> {
    const { Agent } = await import('undici');
    return new Agent({
      connect: { lookup: this.#lookup, timeout: CONNECT_SECONDS * 1e3 },
      headersTimeout: ANSWER_SECONDS * 1e3,
      bodyTimeout: ANSWER_SECONDS * 1e3,
      // Addresses are many and seldom used: connections to them are not kept for long.
      keepAliveTimeout: 1_000,
    });
  }
}

function callbackHeaders(message: CallbackMessage, url: URL): Record<string, string | string[]> {
  const { id, status, durationSeconds, failure, headers, bytes } = message;
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    ...endToEnd(headers),
    ...(login !== ':' && { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
    'content-length': String(bytes),
    'x-call-id': id,
    'x-function-name': message.function,
    'x-function-status': String(status),
    ...(durationSeconds !== undefined && { 'x-duration-seconds': durationSeconds.toFixed(6) }),
    ...(failure !== undefined && { 'x-wattloop-failure': failure.replace(/[^\x20-\x7e]/g, '?') }),
  };
}
