import type { ErrorCode } from '../../../errors/index.js';
import type { CallStore } from './call-store.js';

/** What the thread of the database is asked for by name. */
export type StoreMethod = Exclude<keyof CallStore, 'transaction' | 'close'>;

export interface StoreRequest<Method extends StoreMethod = StoreMethod> {
  readonly method: Method;
  readonly values: Parameters<CallStore[Method]>;
}

/** Done in one transaction. An empty one asks to close the file and end. */
export type StoreBatch = readonly StoreRequest[];

/** An error as it crosses from the thread. */
export interface StoreFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string | undefined;
}

export type StoreOutcome = { readonly result: unknown } | { readonly failure: StoreFailure };

/** An outcome for each request, in their order. */
export type StoreReply = readonly StoreOutcome[];
