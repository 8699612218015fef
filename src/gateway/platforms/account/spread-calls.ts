import type { CountedCalls } from '../feeds/feed.js';

/** Calls that are put in one by one; of more, each stands for several. */
const MOST_APART = 1_000;

/**
 * When calls ran of which only number and seconds are told: all of the same length, ending at even distances. Each call
 * counts as one that started, so there are as many as were told wherever that can be afforded.
 */
export function spread(
  { from, to, done, failed, seconds = 0 }: CountedCalls,
  ran: (from: number, to: number) => void,
): void {
  // Counters may be raised by parts of one: there is at least one call in any growth.
  const calls = Math.max(1, Math.round(done + failed));
  const pieces = Math.min(calls, MOST_APART);
  const length = seconds / pieces;
  for (let piece = 1; piece <= pieces; piece++) {
    const end = from + ((to - from) * piece) / pieces;
    ran(end - length, end);
  }
}
