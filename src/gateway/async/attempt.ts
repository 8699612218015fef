import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream/promises';
import { messageOf } from '../../base/index.js';
import { backoffSeconds, retryAfterSeconds } from './backoff.js';
import type { AsyncAnswer, Invoke } from './call.js';
import { type Context, insist } from './context.js';
import { endToEnd } from './end-to-end.js';
import type { Answered, BegunCall, KeptAnswer } from './store/kept.js';

/** What follows an attempt. */
export type AfterAttempt =
  | { readonly next: 'again'; readonly seconds: number; readonly wasBusy: boolean }
  | { readonly next: 'callback'; readonly address: string }
  | { readonly next: 'over'; readonly isGivenUp: boolean }
  /** It is taken up when the gateway starts again. */
  | { readonly next: 'interrupted' }
  /** Nothing on disk speaks of it. */
  | { readonly next: 'unknown' };

/** How an attempt ended. */
type Outcome =
  | { readonly answer: AsyncAnswer; readonly kept: KeptAnswer | undefined }
  | { readonly answer: AsyncAnswer | undefined; readonly failure: string };

const TOO_MANY_REQUESTS = 429;
const BAD_GATEWAY = 502;
const EMPTY = { bytes: 0 };

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
  if (signal.aborted) return { next: 'interrupted' };
  const outcome = await outcomeOf(context, invoke, call, signal);
  if (!('failure' in outcome)) {
    const { status, durationSeconds } = outcome.answer;
    return settle(context, key, call, { status, durationSeconds, isGivenUp: false, answer: outcome.kept });
  }
  if (signal.aborted) return { next: 'interrupted' };
  return failed(context, key, call, outcome.answer, outcome.failure);
}

async function outcomeOf(
  { bodies }: Context,
  invoke: Invoke,
  call: BegunCall,
  signal: AbortSignal,
): Promise<Outcome> {
  const { id, attempt, acceptedAt, method, path, query, headers, callback } = call;
  const body = bodies.read(call.body);
  const request = { id, function: call.function, attempt, acceptedAt, method, path, query, headers, body };
  let answer: AsyncAnswer | undefined;
  try {
    answer = await invoke({ ...request, bytes: call.body.bytes }, signal);
    if (callback !== undefined && !answer.isRetryable) return { answer, kept: await keep(bodies, answer) };
    answer.body?.resume();
    if (answer.body !== undefined) await finished(answer.body, { writable: false });
    return answer.isRetryable
      ? { answer, failure: `the attempt was answered ${answer.status}` }
      : { answer, kept: undefined };
  } catch (error) {
    return { answer: answer?.isRetryable ? answer : undefined, failure: messageOf(error) };
  } finally {
    answer?.body?.destroy();
    if (!(body instanceof Uint8Array)) body.destroy();
  }
}

/** The answer for the callback address. Where its body can't be kept, the address is told so: the function has done its work. */
async function keep(bodies: Context['bodies'], { body, headers }: AsyncAnswer): Promise<KeptAnswer> {
  const outcome = await bodies.keep(body, `${randomUUID()}.answer`);
  if ('body' in outcome) return { headers: endToEnd(headers), body: outcome.body };
  return { headers: {}, failure: `the answer could not be kept: ${outcome.refusal.message}`, body: EMPTY };
}

async function failed(
  context: Context,
  key: number,
  call: BegunCall,
  answer: AsyncAnswer | undefined,
  message: string,
): Promise<AfterAttempt> {
  const { settings, clock, store, chance } = context;
  const wasBusy = answer !== undefined && (answer.wasBusy ?? answer.status === TOO_MANY_REQUESTS);
  const failures = call.failures + Number(!wasBusy);
  if (failures >= settings.attempts) {
    const failure = `given up after ${failures} failed attempts: ${message}`;
    const stand = { headers: {}, failure, body: EMPTY };
    const status = answer?.status ?? BAD_GATEWAY;
    return settle(context, key, call, { status, isGivenUp: true, message: failure, answer: stand });
  }
  const asked = retryAfterSeconds(answer?.headers['retry-after'], clock.wall());
  const seconds = backoffSeconds(settings.backoff_seconds, failures, asked, chance());
  const postponed = { dueAt: clock.wall() + seconds, isFailure: !wasBusy, message };
  await insist(context, () => store.do('postpone', key, postponed));
  return { next: 'again', seconds, wasBusy };
}

async function settle(
  context: Context,
  key: number,
  call: BegunCall,
  answered: Omit<Answered, 'at'>,
): Promise<AfterAttempt> {
  const { store, clock, bodies } = context;
  const { callback } = call;
  const answer = callback === undefined ? undefined : answered.answer;
  const message = answered.message ?? answer?.failure;
  const settled = await insist(context, () =>
    store.do('answered', key, { ...answered, answer, message, at: clock.wall() }),
  );
  if (settled === undefined) return { next: 'interrupted' };
  await bodies.release(call.body);
  return callback === undefined
    ? { next: 'over', isGivenUp: answered.isGivenUp }
    : { next: 'callback', address: callback };
}
