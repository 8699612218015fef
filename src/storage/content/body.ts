import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { ObjectBody } from '../object-store.js';

/** The bytes of a body that is there at once. */
export function bytesAtOnce(body: ObjectBody): Uint8Array | undefined {
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  return body instanceof Uint8Array ? body : undefined;
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8');
  throw new TypeError(`it gave a ${chunk === null ? 'null' : typeof chunk}, which is not bytes`);
}

const rejectOnAbort = (signal: AbortSignal, stop: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(cancelled(signal)), { signal: stop });
  });

export const cancelled = (signal: AbortSignal): WattloopError =>
  new WattloopError(ErrorCode.cancelled, 'Cancelled', { cause: signal.reason });

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

/**
 * The chunks of a body that comes bit by bit. When its source fails, that is told as such, so that it is not taken for a
 * failure of the store; when the signal aborts, it ends at once, also while the source gives nothing.
 */
export async function* chunksOf(
  body: ObjectBody,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const whole = bytesAtOnce(body);
  if (whole !== undefined) return yield whole;
  throwIfAborted(signal);
  const source = (body as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const over = new AbortController();
  const aborted = signal && rejectOnAbort(signal, over.signal);
  // Without a listener it would be an unhandled rejection when nothing is awaited just then.
  aborted?.catch(() => undefined);
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await next(source, aborted);
      if (done) {
        ended = true;
        return;
      }
      yield toBytes(value);
    }
  } catch (error) {
    if (error instanceof WattloopError) throw error;
    throw new WattloopError(
      ErrorCode.badInput,
      `What was to be written could not be read to its end: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    over.abort();
    // Not awaited: a source that hangs would hang here too.
    if (!ended) void Promise.resolve(source.return?.()).catch(() => undefined);
  }
}

const next = (source: AsyncIterator<unknown>, aborted: Promise<never> | undefined) =>
  aborted === undefined ? source.next() : Promise.race([source.next(), aborted]);
