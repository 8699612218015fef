import type { Refusal } from '../refusal.js';
import type { PooledReplica } from './pooled-replica.js';

/** Whoever wants a place at a replica. Both are called at most once, and only one of them. */
export interface Waiter {
  seated(replica: PooledReplica): void;
  refused(refusal: Refusal): void;
}

/** A waiter in the queue. */
export interface Waiting {
  readonly waiter: Waiter;
  /** On the monotonic clock. */
  readonly since: number;
  readonly deadline: number;
  /** It gave up, and is passed over. */
  isGone: boolean;
}
