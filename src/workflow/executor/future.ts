import type { Invocation, InvocationStatus } from '../../model/index.js';

export type FutureStatus = 'pending' | InvocationStatus;

/** The result of a call that may not be there yet. It can't be awaited itself, so that functions may return it. */
export interface Future<T> {
  /** The function's name. */
  readonly function: string;
  /** Of the item in its list, from 0. */
  readonly index: number;
  readonly status: FutureStatus;
  /** How often it was tried; 0 before the first attempt has ended. */
  readonly attempts: number;
  /** Times, usage, energies of the last attempt; absent before it has ended, and where there was none. */
  readonly invocation: Invocation | undefined;
  /** Why it has no result; undefined as long as it may get one. */
  readonly error: Error | undefined;
  /** When it has come to an end, good or bad. Never rejects. */
  settled(): Promise<void>;
  /** What the function returned; rejects with `error` where there is nothing. */
  result(): Promise<T>;
  /** Ends it, if it has not ended; its status becomes `cancelled`. */
  cancel(): void;
}
