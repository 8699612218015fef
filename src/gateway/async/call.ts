import type { Readable } from 'node:stream';

/** Headers by lower-case name; a list where one came several times. */
export type CallHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A request for an asynchronous call, as it reached the gateway. */
export interface AsyncRequest {
  readonly function: string;
  /** The caller's `X-Call-Id`, if it sent one. */
  readonly id?: string | undefined;
  readonly method: string;
  /** What follows the function's name in the address; begins with a slash, or is empty. */
  readonly path: string;
  /** Without the question mark; may be empty. */
  readonly query: string;
  readonly headers: CallHeaders;
  /** Read to its end before the call is accepted. */
  readonly body: Readable | undefined;
  /** The caller's `X-Callback-Url`, if it sent one. */
  readonly callback?: string | undefined;
}

/** It is on disk, and will be delivered. */
export interface AsyncAccepted {
  readonly isAccepted: true;
  readonly id: string;
}

/** Nothing of it is kept. */
export interface AsyncRefusal {
  readonly isAccepted: false;
  readonly httpStatus: 400 | 413 | 429 | 503;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** One attempt at a call. */
export interface AsyncAttempt {
  readonly id: string;
  readonly function: string;
  /** 1 for the first. Counted on disk before it begins, so that it never decreases. */
  readonly attempt: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: CallHeaders;
  readonly body: Uint8Array | Readable;
  /** Of the body. */
  readonly bytes: number;
  /** Seconds since 1970 at which the call was accepted. */
  readonly acceptedAt: number;
}

/** What came of an attempt. */
export interface AsyncAnswer {
  readonly status: number;
  readonly headers: CallHeaders;
  /** Always read to its end, or destroyed. An error of it counts as a failed attempt. */
  readonly body: Readable | undefined;
  /** Asked for when the body has ended. */
  readonly durationSeconds: number;
  /** The function did not give this answer: it crashed, ran out of time, or could not be had. */
  readonly isRetryable: boolean;
  /** No replica was given the call, as all were busy: it is tried again without counting as failed. As a retryable 429. */
  readonly wasBusy?: boolean;
}

/** Hands an attempt to a replica. A rejection counts as a failed attempt, unless the signal was aborted. */
export type Invoke = (attempt: AsyncAttempt, signal: AbortSignal) => Promise<AsyncAnswer>;

/**
 * - `waiting`: for its first attempt, or for another.
 * - `running`: an attempt is under way.
 * - `calling_back`: the function has answered, and its callback address does not know yet.
 * - `done`: the function has answered, and where there is a callback address, it knows.
 * - `failed`: given up after as many failed attempts as the settings allow; a callback address was told so.
 * - `undelivered`: the function has answered, or was given up, and the callback address could not be told.
 */
export type AsyncState = 'waiting' | 'running' | 'calling_back' | 'done' | 'failed' | 'undelivered';

/** What is known of a call. Times are seconds since 1970. */
export interface AsyncCallStatus {
  readonly id: string;
  readonly function: string;
  readonly state: AsyncState;
  readonly acceptedAt: number;
  /** Attempts begun so far. */
  readonly attempts: number;
  /** Those that failed, which the settings limit. */
  readonly failures: number;
  /** What the function answered, or what stands for it when it was given up. */
  readonly httpStatus?: number;
  readonly durationSeconds?: number;
  /** Attempts to tell the callback address. */
  readonly callbackAttempts: number;
  /** Why the last attempt, at the function or at the callback address, came to nothing. */
  readonly message?: string;
  readonly endedAt?: number;
}

export interface AsyncStats {
  /** Accepted and not yet done; running ones too. */
  readonly pending: number;
  readonly running: number;
  /** Under way to callback addresses. */
  readonly callingBack: number;
  /** Of bodies and kept answers. */
  readonly bytes: number;
  /** Since the gateway started. */
  readonly accepted: number;
  readonly refused: number;
  readonly done: number;
  readonly failed: number;
  readonly undelivered: number;
  /** Attempts that were not the first of their call. */
  readonly retries: number;
  /** Calls that wait, by function. */
  readonly waiting: Readonly<Record<string, number>>;
}
