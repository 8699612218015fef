import { cancelled, throwIfAborted } from './body.js';

/** For clients that can't be told to stop: what they do goes on, but nobody waits for it. */
export async function untilAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return work;
  const over = new AbortController();
  work.catch(() => undefined);
  try {
    throwIfAborted(signal);
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(cancelled(signal)), { signal: over.signal });
    });
    return await Promise.race([work, aborted]);
  } finally {
    over.abort();
  }
}
