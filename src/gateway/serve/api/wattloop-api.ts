import type { IncomingMessage, ServerResponse } from 'node:http';
import { ErrorCode, WattloopError } from '../../../base/index.js';
import { FootprintKind } from '../../../footprint/index.js';
import { CALL_STATUSES } from '../../../model/index.js';
import type { LiveAccount } from '../../account/account.js';
import type { AsyncCallStatus } from '../../async/call.js';
import { type Answer, send } from '../front/answer.js';
import { asyncCallJson, callJson } from './call-json.js';
import type { Events } from './events.js';
import { footprintsJson } from './footprints-json.js';
import { Query } from './query.js';

export const WATTLOOP_PREFIX = '/wattloop/v1/';

const DEFAULT_WINDOW_SECONDS = 3_600;
const CALLS = 'calls/';
const PAGE = 100;
const MOST_ON_A_PAGE = 1_000;

export interface WattloopApiParts {
  readonly account: LiveAccount | undefined;
  readonly events: Events;
  readonly now: () => number;
  /** An asynchronous call by its id. */
  readonly asyncCall: (id: string) => Promise<AsyncCallStatus | undefined>;
  /** What else can be asked for: path below the prefix, and who answers. */
  readonly more: Readonly<Record<string, () => unknown>>;
}

const NO_ACCOUNT = new WattloopError(ErrorCode.notFound, 'no account is kept', {
  remedy: 'Start the gateway with gateway.account.enabled (without --no-account)',
});

/** What Wattloop knows, for whoever asks: energies by function and window, calls, events. It only tells, and changes nothing. */
export class WattloopApi {
  readonly #parts: WattloopApiParts;

  constructor(parts: WattloopApiParts) {
    this.#parts = parts;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    const path = url.slice(WATTLOOP_PREFIX.length).split('?', 1)[0] ?? '';
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, { status: 405, body: 'only GET\n', headers: { allow: 'GET, HEAD' } });
      return;
    }
    if (path === 'events') this.#parts.events.listen(response);
    else send(response, await this.#answer(path, new Query(url)));
  }

  async #answer(path: string, query: Query): Promise<Answer> {
    if (path === 'footprints') return { status: 200, body: await this.#footprints(query) };
    if (path === 'trace') return { status: 200, body: await this.#trace(query) };
    if (path === 'invocations') return { status: 200, body: await this.#invocations(query) };
    if (path.startsWith(CALLS)) return { status: 200, body: await this.#asyncCall(path.slice(CALLS.length)) };
    const more = Object.hasOwn(this.#parts.more, path) ? this.#parts.more[path] : undefined;
    if (more) return { status: 200, body: more() };
    const known = [
      'footprints',
      'invocations',
      'trace',
      'events',
      'calls/ID',
      ...Object.keys(this.#parts.more),
    ];
    return { status: 404, body: `no such path; there are: ${known.join(', ')}\n` };
  }

  get #account(): LiveAccount {
    const { account } = this.#parts;
    if (account === undefined) throw NO_ACCOUNT;
    return account;
  }

  #range(query: Query, fallbackSeconds: number): { from: number; to: number } {
    const to = query.time('to') ?? this.#parts.now();
    const from = query.time('from') ?? to - (query.seconds('window') ?? fallbackSeconds);
    if (from < to) return { from, to };
    throw new WattloopError(ErrorCode.badInput, `from (${from}) is not before to (${to})`);
  }

  async #footprints(query: Query): Promise<unknown> {
    const functionName = query.text('function');
    const kind = query.oneOf('kind', Object.values(FootprintKind));
    const footprints = await this.#account.footprints({
      ...this.#range(query, DEFAULT_WINDOW_SECONDS),
      ...(functionName !== undefined && { function: functionName }),
      ...(kind !== undefined && { kind }),
    });
    return footprintsJson(footprints);
  }

  async #asyncCall(id: string): Promise<unknown> {
    const call = await this.#parts.asyncCall(decoded(id));
    if (call === undefined)
      throw new WattloopError(
        ErrorCode.notFound,
        `no asynchronous call ${JSON.stringify(id.slice(0, 80))} is known`,
        {
          remedy: 'Calls are forgotten about an hour after their end',
        },
      );
    return asyncCallJson(call);
  }

  async #trace(query: Query): Promise<unknown> {
    const range = this.#range(query, DEFAULT_WINDOW_SECONDS);
    // The laboratory is loaded when its format is wanted.
    const { traceDocument } = await import('../../../lab/index.js');
    return traceDocument(await this.#account.trace(range), range.from);
  }

  async #invocations(query: Query): Promise<unknown> {
    const functionName = query.text('function');
    const status = query.oneOf('status', CALL_STATUSES);
    const from = query.time('from');
    const to = query.time('to');
    const cursor = query.text('cursor');
    const page = await this.#account.calls({
      ...(functionName !== undefined && { function: functionName }),
      ...(status !== undefined && { status }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(cursor !== undefined && { cursor }),
      limit: query.wholeNumber('limit', PAGE, MOST_ON_A_PAGE),
    });
    return { invocations: page.calls.map(callJson), next: page.next ?? null };
  }
}

/** As it was meant; as it stands where it can't be decoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
