import { type Clock, ErrorCode, WattloopError } from '../../base/index.js';
import type { GatewaySettings } from '../../model/index.js';
import type { Bodies } from './bodies.js';
import type { StoreClient } from './store/store-client.js';

/** What the steps of a call share. */
export interface Context {
  readonly store: StoreClient;
  readonly bodies: Bodies;
  readonly clock: Clock;
  readonly settings: GatewaySettings['async'];
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Aborted when the gateway ends. */
  readonly ending: AbortSignal;
}

const RETRY_SECONDS = 1;

/** A disk that is full now may have room again; a damaged row stays damaged. */
const mayMend = (error: unknown): boolean =>
  error instanceof WattloopError && error.code === ErrorCode.writeFailed;

/**
 * Does what must be on disk, again and again while the disk refuses. Undefined when it can't be done before the gateway
 * starts again, which then finds the call as it was.
 */
export async function insist<Result>(
  { clock, ending }: Context,
  step: () => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  for (;;) {
    try {
      return { result: await step() };
    } catch (error) {
      // The store has told of it.
      if (ending.aborted || !mayMend(error)) return undefined;
      await clock.sleep(RETRY_SECONDS, ending);
      if (ending.aborted) return undefined;
    }
  }
}
