import type { ServedCall } from '../../model/index.js';
import { isSampled, parseTraceparent } from './trace-context.js';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** How a call that no replica was given ended. */
interface RefusedCall {
  readonly id: string;
  readonly httpStatus: number;
  readonly reason: string;
}

/** One call in its trace. */
export interface CallTrace {
  /** What its function is told in place of what the caller said; undefined where that goes on unchanged. */
  readonly traceparent: string | undefined;
  /** `tracestate` belongs to a trace that does not go on: it is left out. `baggage` is always passed on. */
  readonly dropsState: boolean;
  /** Of a trace that is recorded: for records and exemplars. */
  readonly traceId: string | undefined;
  /** Each call ends once. Never waits. */
  end(call: ServedCall, energyJoules?: number): void;
  refused(call: RefusedCall): void;
}

export interface Tracer {
  /** A call has arrived. Headers by lower-case name. */
  begin(headers: Headers, functionName: string, method?: string): CallTrace;
  /** Sends what waits, for a few seconds at most. */
  close(): Promise<void>;
}

const nothing = (): void => {};

const NO_TRACE: CallTrace = {
  traceparent: undefined,
  dropsState: false,
  traceId: undefined,
  end: nothing,
  refused: nothing,
};

/** The trace of a call of which nothing is recorded here: what the caller said goes on to the function. */
export function passedOn(headers: Headers): CallTrace {
  if (headers.traceparent === undefined) return NO_TRACE;
  const caller = parseTraceparent(headers.traceparent);
  return caller !== undefined && isSampled(caller) ? { ...NO_TRACE, traceId: caller.traceId } : NO_TRACE;
}

/** When no collector is told: callers' traces go through, and nothing is recorded. */
export const passingTracer: Tracer = {
  begin: passedOn,
  close: async () => {},
};
