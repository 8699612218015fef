import type { CallHeaders } from '../call.js';

/** A body as it is kept: in the database, or in a file of the bodies' folder. Neither when it is empty. */
export interface KeptBody {
  readonly content?: Uint8Array;
  readonly file?: string;
  readonly bytes: number;
}

export interface NewCall {
  readonly id: string;
  readonly function: string;
  readonly callback?: string | undefined;
  readonly acceptedAt: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: CallHeaders;
  readonly body: KeptBody;
}

/** A call that is not over, as the gateway finds it when it starts. */
export interface OpenCall {
  readonly key: number;
  readonly function: string;
  readonly callback?: string;
  readonly hasAnswer: boolean;
  readonly dueAt: number;
  /** Of its request and its answer. */
  readonly bytes: number;
}

/** What is needed for an attempt. */
export interface BegunCall {
  readonly id: string;
  readonly function: string;
  readonly callback?: string;
  readonly attempt: number;
  readonly failures: number;
  readonly acceptedAt: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: CallHeaders;
  readonly body: KeptBody;
}

/** What a callback address is told. */
export interface KeptAnswer {
  readonly headers: CallHeaders;
  /** Why it is not what the function answered. */
  readonly failure?: string | undefined;
  readonly body: KeptBody;
}

/** What the function answered, or what stands for it. */
export interface Answered {
  readonly status: number;
  readonly durationSeconds?: number | undefined;
  readonly isGivenUp: boolean;
  readonly message?: string | undefined;
  readonly at: number;
  /** Kept for the callback address; without it the call is over. */
  readonly answer?: KeptAnswer | undefined;
}

/** What is needed to tell a callback address. */
export interface BegunCallback {
  readonly id: string;
  readonly function: string;
  readonly callback: string;
  readonly status: number;
  readonly durationSeconds?: number;
  readonly isGivenUp: boolean;
  readonly failure?: string;
  readonly failures: number;
  readonly headers: CallHeaders;
  readonly body: KeptBody;
}

export interface Postponed {
  readonly dueAt: number;
  readonly isFailure: boolean;
  readonly message: string;
}

/** A row of the table, for whoever asks for a call. */
export interface KeptCall {
  readonly key: number;
  readonly id: string;
  readonly function: string;
  readonly phase: number;
  readonly acceptedAt: number;
  readonly attempts: number;
  readonly failures: number;
  readonly callbackAttempts: number;
  readonly status?: number;
  readonly durationSeconds?: number;
  readonly isGivenUp: boolean;
  readonly isUndelivered: boolean;
  readonly message?: string;
  readonly endedAt?: number;
}
