import { type Clock, ErrorCode, systemClock, WattloopError } from '../../base/index.js';
import type { Future } from './future.js';

export interface WaitOptions {
  /** Until all have ended (the default), any one, or so many in a hundred. */
  readonly until?: 'all' | 'any' | number;
  /** After so many seconds, what has ended is told as it is. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

/** Futures that have ended, good or bad, and those that have not; in the order in which they were given. */
export interface Waited<F> {
  readonly done: readonly F[];
  readonly pending: readonly F[];
}

function needed(until: WaitOptions['until'], count: number): number {
  if (until === undefined || until === 'all') return count;
  if (until === 'any') return Math.min(1, count);
  if (until >= 0 && until <= 100) return Math.ceil((until / 100) * count);
  throw new WattloopError(
    ErrorCode.badInput,
    `until must be "all", "any" or 0 to 100 (per cent), not ${until}`,
  );
}

/** Waits until enough of them have ended. Nothing is asked again and again: each future tells it. */
export async function waitFor<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: WaitOptions = {},
  clock: Clock = systemClock,
): Promise<Waited<F>> {
  const all = [...futures];
  const isDone = ({ status }: F): boolean => status !== 'pending';
  const missing = needed(options.until, all.length) - all.filter(isDone).length;
  if (missing > 0)
    await enough(
      all.filter((future) => !isDone(future)),
      missing,
      options,
      clock,
    );
  return { done: all.filter(isDone), pending: all.filter((future) => !isDone(future)) };
}

async function enough(
  pending: readonly Future<unknown>[],
  count: number,
  { timeoutSeconds, signal }: WaitOptions,
  clock: Clock,
): Promise<void> {
  let missing = count;
  const over = new AbortController();
  const abort = (): void => over.abort();
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  await new Promise<void>((resolve) => {
    const end = (): void => resolve();
    over.signal.addEventListener('abort', end, { once: true });
    if (over.signal.aborted) end();
    for (const future of pending) {
      void future.settled().then(() => {
        if (--missing === 0) abort();
      });
    }
    if (timeoutSeconds !== undefined) void clock.sleep(timeoutSeconds, over.signal).then(end);
  });
  over.abort();
  signal?.removeEventListener('abort', abort);
}
