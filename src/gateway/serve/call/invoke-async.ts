import type { AsyncAnswer, AsyncAttempt, CallHeaders, Invoke } from '../../async/call.js';
import type { Pools } from '../pool/pools.js';
import type { RefusalReason } from '../refusal.js';
import type { CallDesk } from './call-desk.js';
import { InnerCaller } from './inner-caller.js';
import { ProxiedCall } from './proxied-call.js';

/** No replica was given the call: there was no room for it. */
const BUSY: ReadonlySet<RefusalReason> = new Set(['queue_full', 'queue_deadline', 'power_cap', 'draining']);

function inTurn(headers: CallHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [name, value] : value.flatMap((one) => [name, one]),
  );
}

function byName(headers: readonly string[]): CallHeaders {
  const all: Record<string, string | string[]> = {};
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    const value = headers[i + 1] ?? '';
    const before = all[name];
    all[name] = before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value];
  }
  return all;
}

const NO_FUNCTION: AsyncAnswer = {
  status: 404,
  headers: {},
  body: undefined,
  durationSeconds: 0,
  isRetryable: false,
};

/** Attempts of asynchronous calls go the same way as calls that are waited for. */
export function invokeAsync(desk: CallDesk, pools: Pools): Invoke {
  return async (attempt: AsyncAttempt, signal: AbortSignal) => {
    const pool = pools.get(attempt.function);
    if (pool === undefined) return NO_FUNCTION;
    const caller = new InnerCaller();
    const { id, method, path, query, body, bytes } = attempt;
    const target = path.startsWith('/') ? path : `/${path}`;
    const call = new ProxiedCall(
      desk,
      pool,
      {
        method,
        path: query === '' ? target : `${target}?${query}`,
        headers: inTurn(attempt.headers),
        body: bytes === 0 ? undefined : body,
        bytes: () => bytes,
      },
      {
        id,
        attempt: attempt.attempt,
        isAsync: true,
        addedHeaders: ['X-Call-Id', id],
        trace: desk.tracer.begin(attempt.headers, attempt.function, method),
      },
      caller,
    );
    const cancel = (): void => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const startedAt = desk.now();
    call.start();
    const answer = await Promise.race([caller.answer, aborted(signal)]);
    answer.body.once('close', () => signal.removeEventListener('abort', cancel));
    const { refusal } = answer;
    return {
      status: answer.status,
      headers: byName(answer.headers),
      body: answer.body,
      get durationSeconds() {
        return desk.now() - startedAt;
      },
      isRetryable: refusal !== undefined,
      ...(refusal && BUSY.has(refusal.reason) && { wasBusy: true }),
    };
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (): void => reject(new Error('the attempt was cut short'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
