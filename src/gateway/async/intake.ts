import { randomUUID } from 'node:crypto';
import { messageOf, WattloopError } from '../../base/index.js';
import type { BodyRefusal } from './bodies.js';
import type { AsyncRefusal, AsyncRequest } from './call.js';
import { type Forbidden, refusedCallback } from './callback-address.js';
import type { Context } from './context.js';
import type { KeptBody } from './store/kept.js';

/** What is on disk from now on. */
export interface TakenIn {
  readonly isAccepted: true;
  readonly id: string;
  readonly key: number;
}

const CALL_ID = /^[\w.:-]{1,128}$/;
const RETRY_AFTER_SECONDS = 1;

const STATUS = { too_large: 413, no_room: 429, disk: 503 } as const satisfies Record<
  BodyRefusal['why'],
  AsyncRefusal['httpStatus']
>;

export function refusal(httpStatus: AsyncRefusal['httpStatus'], message: string): AsyncRefusal {
  const mayComeBack = httpStatus === 429 || httpStatus === 503;
  return {
    isAccepted: false,
    httpStatus,
    message,
    ...(mayComeBack && { retryAfterSeconds: RETRY_AFTER_SECONDS }),
  };
}

/** Brings a call to the disk: its body first, then what speaks of it. */
export async function takeIn(
  context: Context,
  request: AsyncRequest,
  forbidden: Forbidden,
): Promise<TakenIn | AsyncRefusal> {
  const { bodies } = context;
  const refused = request.callback === undefined ? undefined : refusedCallback(request.callback, forbidden);
  if (refused !== undefined) return refusal(400, refused);
  let body: KeptBody | undefined;
  try {
    const outcome = await bodies.keep(request.body, `${randomUUID()}.request`);
    if ('refusal' in outcome) return refusal(STATUS[outcome.refusal.why], outcome.refusal.message);
    body = outcome.body;
    return { isAccepted: true, ...(await write(context, request, body)) };
  } catch (error) {
    if (body !== undefined) await bodies.release(body);
    // Where it is kept is not for callers to know; its owner is told in the log.
    const why = error instanceof WattloopError ? 'the disk did not take it' : messageOf(error);
    return refusal(503, `the call could not be kept: ${why}`);
  }
}

async function write(
  { store, clock }: Context,
  request: AsyncRequest,
  body: KeptBody,
): Promise<{ readonly id: string; readonly key: number }> {
  const { id: wished, callback, method, path, query, headers } = request;
  let id = wished !== undefined && CALL_ID.test(wished) ? wished : randomUUID();
  for (;;) {
    const acceptedAt = clock.wall();
    const call = { id, function: request.function, callback, acceptedAt, method, path, query, headers, body };
    const key = await store.do('accept', call);
    if (key !== undefined) return { id, key };
    // Another call has this id: callers pass on the ones that they were called with.
    id = randomUUID();
  }
}
