import type { ErrorCode } from '../../../errors/index.js';
import type { CallStore } from './call-store.js';

/** What the thread of the database is asked for by name. */
export type StoreMethod = Exclude<keyof CallStore, 'transaction' | 'close'>;

export interface StoreRequest<Method extends StoreMethod = StoreMethod> {
  readonly method: Method;
  readonly values: Parameters<CallStore[Method]>;
}

/** An error as it crosses from the thread. */
export interface StoreFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string | undefined;
}

/** One answer to all that was asked together: all of it was done, or nothing. */
export type StoreReply = { readonly results: readonly unknown[] } | { readonly failure: StoreFailure };

/** Requests to do in one transaction; none asks it to close the file and end. */
export type StoreBatch = readonly StoreRequest[];
