import type { Arrivals } from '../server/arrivals.js';

/** How calls of a function come. */
export type CallPattern =
  /** So many callers who each wait for the answer, think, and call again. */
  | { readonly kind: 'closed'; readonly callers: number; readonly thinkSeconds: number }
  /** At moments that are settled beforehand and wait for nobody. */
  | { readonly kind: 'open'; readonly arrivals: Arrivals }
  /** When the replayed trace says. */
  | { readonly kind: 'replayed' };

/** A function that is to be called, and how. */
export interface LoadTarget {
  readonly name: string;
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  /** Seconds from sending within which the whole answer must be there. */
  readonly timeoutSeconds: number;
  readonly pattern: CallPattern;
}

/** A load with all questions answered. */
export interface LoadPlan {
  readonly targets: readonly LoadTarget[];
  /** Calls before that are made and not counted. */
  readonly warmUpSeconds: number;
  readonly durationSeconds: number;
  readonly seed: number;
  /** Calls of open loops under way at once; what is due beyond waits, and its waiting is counted. */
  readonly maxInFlight: number;
}
