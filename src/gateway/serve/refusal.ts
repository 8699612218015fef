/** Why a call has no answer of its function: a stable word, and the status that goes with it. */
export const REFUSALS = {
  unknown_function: 404,
  body_too_large: 413,
  queue_full: 429,
  power_cap: 429,
  too_many_replicas: 429,
  internal: 500,
  start_failed: 502,
  crashed: 502,
  out_of_memory: 502,
  bad_answer: 502,
  removed: 503,
  draining: 503,
  queue_deadline: 504,
  timed_out: 504,
} as const satisfies Readonly<Record<string, number>>;

export type RefusalReason = keyof typeof REFUSALS;

export interface Refusal {
  readonly reason: RefusalReason;
  /** One line for the caller. */
  readonly message: string;
  /** After so many seconds it may go better. */
  readonly retryAfterSeconds?: number;
}

/** The header that names the reason. */
export const REASON_HEADER = 'X-Wattloop-Reason';
