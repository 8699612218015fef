import type { LoadArrival } from './arrival-kinds.js';

/** How one function is called, as far as its user says. */
export interface CallDescription {
  readonly arrival?: LoadArrival | undefined;
  /** Calls a second. */
  readonly rate?: number | undefined;
  /** Callers who wait for their answers. */
  readonly concurrency?: number | undefined;
  readonly thinkSeconds?: number | undefined;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly isAsync?: boolean | undefined;
}

export interface FunctionDescription extends CallDescription {
  readonly name: string;
  /** Where it is called; below the gateway where absent. */
  readonly url?: string | undefined;
  /** Below the function: `/sub?size=3`. */
  readonly path?: string | undefined;
  /** Which function of a replayed trace it stands for. */
  readonly traceFunction?: string | undefined;
}

/** A load as its user describes it: what is said for all functions, and what for each. */
export interface LoadDescription {
  readonly gateway?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly warmUpSeconds?: number | undefined;
  readonly seed?: number | undefined;
  readonly maxInFlight?: number | undefined;
  readonly forAll: CallDescription;
  readonly functions: readonly FunctionDescription[];
  /** What is replayed instead of arrivals by chance. */
  readonly trace?: string | undefined;
  /** Seconds of the trace that pass in one. */
  readonly speed?: number | undefined;
  /** Seconds of the trace that are left out at its beginning. */
  readonly skipSeconds?: number | undefined;
  /** The part of the trace's calls that is made: 0 to 1. */
  readonly sample?: number | undefined;
  /** Conditions under which the load counts as failed. */
  readonly failIf?: readonly string[] | undefined;
}
