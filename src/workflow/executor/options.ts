import type { Clock, Host } from '../../base/index.js';
import type { ComputeBackend } from '../../compute/index.js';
import type { Invocation, Settings } from '../../model/index.js';
import type { ObjectStore } from '../../storage/index.js';

export interface ExecutorOptions {
  readonly backend: ComputeBackend;
  /** The store that `settings.storage` names: workers open it by the settings. */
  readonly store: ObjectStore;
  readonly settings: Settings;
  readonly clock?: Clock;
  /** Cancels all that is open when it is aborted. */
  readonly signal?: AbortSignal;
  /** Told of every attempt that ended: where the record of it belongs. */
  readonly onInvocation?: (invocation: Invocation) => void;
}

export interface LocalOptions extends Pick<ExecutorOptions, 'signal' | 'onInvocation'> {
  readonly host?: Host;
}

export interface CallOptions {
  /** Instead of the function's own name. */
  readonly name?: string;
  /** Processors of a call; parts of one are allowed. */
  readonly cpu?: number;
  readonly memoryMib?: number;
  readonly timeoutSeconds?: number;
  /** How often a call that fails is tried again; `workflow.retries` when left out. */
  readonly retries?: number;
  /** Packages that stay outside the function's bundle, besides those with native code. */
  readonly external?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface MapOptions extends CallOptions {
  /** How many futures for an iterator may wait to be taken before no further item is drawn; 1,000 when left out. */
  readonly ahead?: number;
  /** Told whenever a call has ended for good. */
  readonly onProgress?: (progress: MapProgress) => void;
}

export interface MapReduceOptions extends MapOptions {
  /** What the reducing call is given, where that is something else. */
  readonly reducer?: CallOptions;
}

/** How far a map has come. */
export interface MapProgress {
  readonly function: string;
  /** Absent where nobody knows, as items come from an iterator. */
  readonly total?: number;
  readonly started: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Attempts beyond the first ones. */
  readonly retries: number;
}
