import type { Host } from '../../base/index.js';

const FIRST_SECONDS = 0.001;

/**
 * Calls `sample` until the signal aborts: soon at first, as short work is over soon, and each time after twice as long,
 * up to the interval.
 */
export async function sampleWhile(
  host: Host,
  intervalSeconds: number,
  signal: AbortSignal,
  sample: () => void,
): Promise<void> {
  let seconds = Math.min(FIRST_SECONDS, intervalSeconds);
  while (!signal.aborted) {
    await host.clock.sleep(seconds, signal);
    if (signal.aborted) return;
    sample();
    seconds = Math.min(intervalSeconds, seconds * 2);
  }
}
