import type { Provenance } from './provenance.js';
import type { SourceName } from './source-name.js';

/** How a call that reached a replica ended. Their places stand in files: never change the order, only add. */
export const CALL_STATUSES = [
  'done',
  'failed',
  'timed_out',
  'crashed',
  'out_of_memory',
  'cancelled',
] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/** One call of a served function, as the gateway saw it. Times are seconds since 1970. */
export interface ServedCall {
  /** The `X-Call-Id`. An asynchronous call that is tried again has the same one, and another attempt. */
  readonly id: string;
  readonly function: string;
  readonly version: string;
  readonly replica: string;
  /** 1 unless it is a further attempt of an asynchronous call. */
  readonly attempt: number;
  readonly isAsync: boolean;
  readonly arrivedAt: number;
  /** When a replica was given it. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** It had to wait for its replica to start. */
  readonly cold: boolean;
  /** Of a cold call: the seconds of that wait. */
  readonly coldSeconds?: number;
  readonly status: CallStatus;
  /** What the caller was answered; absent where the caller was gone. */
  readonly httpStatus?: number;
  /** CPU seconds of this very call, where its replica can tell. */
  readonly cpuSeconds?: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly traceId?: string;
}

/** What a call used, as the account settled it: from the seconds in which it ran. */
export interface CallEnergy {
  /** The call's own part of what work caused. */
  readonly joules: number;
  /** Its part of idle; absent where nobody knows what the machine draws idle (then `joules` contains it). */
  readonly idleJoules?: number;
  readonly source: SourceName;
  readonly provenance: Provenance;
}

/** A call with what it used; without where no source gives energy. */
export interface AccountedCall extends ServedCall {
  readonly energy?: CallEnergy;
}
