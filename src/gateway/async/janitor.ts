import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { StoreClient } from './store/store-client.js';

/** How many calls are remembered after their end, whatever the settings keep. */
const MOST_KEPT = 100_000;
const INTERVAL_SECONDS = 60;
const AT_ONCE = 1_000;
const PAGES_AT_ONCE = 1_000;

/** Forgets calls that ended long ago, a few at a time, and gives their room back to the disk. Ends with the signal. */
export async function tidy(
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
  store: StoreClient,
  keepSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(INTERVAL_SECONDS, signal);
    if (signal.aborted) return;
    try {
      const before = clock.wall() - keepSeconds;
      while ((await store.do('forget', before, MOST_KEPT, AT_ONCE)) >= AT_ONCE);
      while ((await store.do('shrink', PAGES_AT_ONCE)) >= PAGES_AT_ONCE && !signal.aborted);
    } catch (error) {
      // The store has told of what is wrong with the disk.
      log.debug('could not forget asynchronous calls', { error: messageOf(error) });
    }
  }
}
