import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream/promises';
import { messageOf } from '../../base/index.js';
import { backoffSeconds, retryAfterSeconds } from './backoff.js';
import type { AsyncAnswer, CallHeaders, Invoke } from './call.js';
import { type Context, insist } from './context.js';
import { endToEnd } from './end-to-end.js';
import type { KeptBody } from './store/call-row.js';
import type { Answered, BegunCall } from './store/call-store.js';

/** What follows an attempt. */
export type AfterAttempt =
  | { readonly next: 'again'; readonly seconds: number }
  | { readonly next: 'callback'; readonly address: string }
  | { readonly next: 'over'; readonly isGivenUp: boolean }
  /** The gateway ends: it is taken up when it starts again. */
  | { readonly next: 'interrupted' }
  /** Nothing on disk speaks of it. */
  | { readonly next: 'unknown' };

const TOO_MANY_REQUESTS = 429;
const BAD_GATEWAY = 502;

interface Kept {
  readonly answer: AsyncAnswer;
  /** Absent when nobody is to be told. */
  readonly body?: KeptBody;
  /** Why the body could not be kept. */
  readonly message?: string;
}

/** One attempt at a call, from its being counted to what came of it being on disk. */
export async function attempt(
  context: Context,
  invoke: Invoke,
  key: number,
  signal: AbortSignal,
): Promise<AfterAttempt> {
  const begun = await insist(context, () => context.store.do('begin', key));
  if (begun === undefined) return { next: 'interrupted' };
  const call = begun.result;
  if (call === undefined) return { next: 'unknown' };
  let outcome: Kept | { readonly failure: string };
  try {
    outcome = await answerTo(context, invoke, call, signal);
  } catch (error) {
    outcome = { failure: messageOf(error) };
  }
  if (signal.aborted && ('failure' in outcome || outcome.answer.isRetryable)) return { next: 'interrupted' };
  return 'failure' in outcome
    ? failed(context, key, call, outcome.failure, undefined)
    : outcome.answer.isRetryable
      ? failed(context, key, call, `it was answered ${outcome.answer.status}`, outcome)
      : settle(context, key, call, outcome, false);
}

async function answerTo(
  { bodies }: Context,
  invoke: Invoke,
  call: BegunCall,
  signal: AbortSignal,
): Promise<Kept> {
  const { id, attempt, acceptedAt, method, path, query, headers, callback } = call;
  const body = bodies.read(call.body);
  try {
    const answer = await invoke(
      {
        ...{ id, function: call.function, attempt, acceptedAt, method, path, query, headers, body },
        bytes: call.body.bytes,
      },
      signal,
    );
    if (callback === undefined || answer.isRetryable) {
      answer.body?.resume();
      if (answer.body !== undefined) await finished(answer.body, { writable: false });
      return { answer };
    }
    const kept = await bodies.keep(answer.body, `${randomUUID()}.answer`);
    if ('body' in kept) return { answer, body: kept.body };
    const message = kept.refusal === 'too_large' ? 'its answer is too large' : 'no room for its answer';
    return { answer, body: { bytes: 0 }, message: `${message} to be kept for its callback address` };
  } finally {
    if (!(body instanceof Uint8Array)) body.destroy();
  }
}

async function failed(
  context: Context,
  key: number,
  call: BegunCall,
  message: string,
  outcome: Kept | undefined,
): Promise<AfterAttempt> {
  const { settings, clock, store, chance } = context;
  const answer = outcome?.answer;
  const isFailure = !(answer?.wasBusy ?? answer?.status === TOO_MANY_REQUESTS);
  const failures = call.failures + Number(isFailure);
  if (failures >= settings.attempts) {
    const standIn: Kept = outcome ?? {
      answer: { status: BAD_GATEWAY, headers: {}, body: undefined, durationSeconds: 0, isRetryable: true },
    };
    return settle(context, key, call, { body: { bytes: 0 }, ...standIn, message }, true);
  }
  const asked = retryAfterSeconds(answer?.headers['retry-after'], clock.wall());
  const seconds = backoffSeconds(settings.backoff_seconds, failures, asked, chance());
  const dueAt = clock.wall() + seconds;
  await insist(context, () => store.do('postpone', key, { dueAt, isFailure, message }));
  return { next: 'again', seconds };
}

async function settle(
  context: Context,
  key: number,
  call: BegunCall,
  { answer, body, message }: Kept,
  isGivenUp: boolean,
): Promise<AfterAttempt> {
  const { store, clock, bodies } = context;
  const { callback } = call;
  const headers: CallHeaders = isGivenUp || message !== undefined ? {} : endToEnd(answer.headers);
  const answered: Answered = {
    status: answer.status,
    durationSeconds: isGivenUp ? undefined : answer.durationSeconds,
    isGivenUp,
    message,
    at: clock.wall(),
    ...(callback !== undefined && { answer: { headers, body: body ?? { bytes: 0 } } }),
  };
  const settled = await insist(context, () => store.do('answered', key, answered));
  if (settled === undefined) return { next: 'interrupted' };
  await bodies.release(call.body);
  return callback === undefined ? { next: 'over', isGivenUp } : { next: 'callback', address: callback };
}
