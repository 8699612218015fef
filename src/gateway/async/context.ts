import type { Clock, Logger } from '../../base/index.js';
import type { GatewaySettings } from '../../model/index.js';
import type { Bodies } from './bodies.js';
import type { StoreClient } from './store/store-client.js';

/** What the steps of a call share. */
export interface Context {
  readonly store: StoreClient;
  readonly bodies: Bodies;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: GatewaySettings['async'];
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Aborted when the gateway ends. */
  readonly ending: AbortSignal;
}

const RETRY_SECONDS = 1;

/** Does what must be on disk, again and again while the disk refuses; undefined when the gateway ended first. */
export async function insist<Result>(
  { clock, log, ending }: Context,
  step: () => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return { result: await step() };
    } catch (error) {
      if (ending.aborted) return undefined;
      if (isFirst) log.error(error instanceof Error ? error.message : String(error));
      await clock.sleep(RETRY_SECONDS, ending);
      if (ending.aborted) return undefined;
    }
  }
}
