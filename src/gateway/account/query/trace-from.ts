import type { AccountedCall, Trace, TraceDescription } from '../../../model/index.js';
import type { TimeRange } from '../account.js';
import type { OpenCall } from '../calls/running-call.js';
import type { AccountStore } from '../store/account-store.js';
import { traceOf } from '../trace/trace-of.js';

/** Ticks are asked for by their ends: one that ends where the range begins is not of it, one that ends with it is. */
const EDGE_SECONDS = 1e-3;
const PAGE = 5_000;
/** More calls than this are not put together in memory: record a trace instead. */
const MOST_CALLS = 500_000;

/** What is kept of a range, second by second and call by call. */
export function traceFrom(
  { from, to }: TimeRange,
  store: AccountStore,
  open: Iterable<OpenCall>,
  description: TraceDescription,
): Trace {
  const seconds = [...store.seconds(from + EDGE_SECONDS, to + EDGE_SECONDS)];
  const calls: AccountedCall[] = [];
  // Calls that ended after the range may have begun in it.
  for (let cursor: string | undefined; calls.length < MOST_CALLS; ) {
    const page = store.calls({ from, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const call of page.calls) if (call.startedAt < to) calls.push(call);
    cursor = page.next;
    if (cursor === undefined) break;
  }
  return traceOf(seconds, calls, open, description);
}
