import { messageOf } from '../../base/index.js';
import { backoffSeconds, retryAfterSeconds } from './backoff.js';
import type { CallbackOutcome, Callbacks } from './callback.js';
import { type Context, insist } from './context.js';
import type { BegunCallback } from './store/kept.js';

export type AfterCallback =
  | { readonly next: 'again'; readonly seconds: number }
  | { readonly next: 'over'; readonly as: 'done' | 'failed' | 'undelivered' }
  | { readonly next: 'interrupted' | 'unknown' };

/** One attempt to tell a callback address what the function answered. */
export async function callBack(
  context: Context,
  callbacks: Callbacks,
  key: number,
  signal: AbortSignal,
): Promise<AfterCallback> {
  const begun = await insist(context, () => context.store.do('beginCallback', key));
  if (begun === undefined) return { next: 'interrupted' };
  const call = begun.result;
  if (call === undefined) return { next: 'unknown' };
  const { failure, isFinal = false, retryAfter } = await told(context, callbacks, call, signal);
  if (failure === undefined) return end(context, key, call, undefined);
  if (signal.aborted) return { next: 'interrupted' };
  const { settings, clock, store, chance } = context;
  const failures = call.failures + 1;
  if (isFinal || failures >= settings.callback_attempts) return end(context, key, call, failure);
  const asked = retryAfterSeconds(retryAfter, clock.wall());
  const seconds = backoffSeconds(settings.backoff_seconds, failures, asked, chance());
  const dueAt = clock.wall() + seconds;
  await insist(context, () =>
    store.do('postponeCallback', key, { dueAt, isFailure: true, message: failure }),
  );
  return { next: 'again', seconds };
}

async function told(
  { bodies }: Context,
  callbacks: Callbacks,
  call: BegunCallback,
  signal: AbortSignal,
): Promise<CallbackOutcome> {
  const { callback, body, ...rest } = call;
  const message = { ...rest, address: callback, body: bodies.read(body), bytes: body.bytes };
  try {
    return await callbacks.send(message, signal);
  } catch (error) {
    return { failure: messageOf(error) };
  }
}

async function end(
  context: Context,
  key: number,
  call: BegunCallback,
  undelivered: string | undefined,
): Promise<AfterCallback> {
  const ended = await insist(context, () => context.store.do('end', key, context.clock.wall(), undelivered));
  if (ended === undefined) return { next: 'interrupted' };
  await context.bodies.release(call.body);
  if (undelivered !== undefined) return { next: 'over', as: 'undelivered' };
  return { next: 'over', as: call.isGivenUp ? 'failed' : 'done' };
}
