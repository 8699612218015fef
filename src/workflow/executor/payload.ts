import type { StorageSettings } from '../../model/index.js';
import type { Argument } from './part.js';

/** What one invocation of a function is told. */
export interface FunctionPayload {
  /** The bundle with the function, and what it exports it as. */
  readonly module: string;
  readonly exportName: string;
  readonly argument: Argument;
  /** Key of the object that its result becomes when it is large. */
  readonly resultKey: string;
  /** The file that says where objects are. */
  readonly session: string;
}

/** What all invocations of an executor share: read by a worker when it first needs the store. */
export interface Session {
  readonly storage: StorageSettings;
  readonly dataDir: string;
}

/** What a function is told beside its item. */
export interface FunctionContext {
  /** The item's place in the list, from 0. */
  readonly index: number;
  /** 1 for the first, 2 for the first retry. */
  readonly attempt: number;
  /** Aborted when the invocation is cancelled. */
  readonly signal: AbortSignal;
}
