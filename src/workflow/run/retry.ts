import type { Invocation } from '../../model/index.js';

/** Errors that come again however often it is tried: the code is wrong, not the circumstances. */
const HOPELESS: readonly string[] = ['not_serialisable', 'closure', 'bad_input', 'bad_usage'];

export const isWorthRetrying = ({ status, error }: Invocation): boolean =>
  status !== 'cancelled' && !(error?.code !== undefined && HOPELESS.includes(error.code));

const LONGEST_SECONDS = 60;

/** Seconds to wait before the next attempt: twice as long each time, with chance so that failures don't come in step. */
export function backoffSeconds(
  attempt: number,
  firstSeconds: number,
  random: () => number = Math.random,
): number {
  const whole = Math.min(LONGEST_SECONDS, firstSeconds * 2 ** (attempt - 1));
  return whole * (0.5 + random() / 2);
}
