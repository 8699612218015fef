/** Longest wait between two attempts, whatever anyone asks for. */
export const LONGEST_WAIT_SECONDS = 3_600;

/**
 * Seconds before the next attempt: twice as long after each failure, half as much again or half of it by chance, so that what
 * failed together is not tried again together. Never sooner than whoever refused it asked for.
 */
export function backoffSeconds(
  baseSeconds: number,
  failures: number,
  retryAfterSeconds: number | undefined,
  chance: number,
): number {
  const doubled = baseSeconds * 2 ** Math.min(30, Math.max(0, failures - 1));
  const spread = doubled * (0.5 + chance);
  const asked = (retryAfterSeconds ?? 0) * (1 + chance / 2);
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(spread, asked));
}

/** What `Retry-After` asks for, in seconds or as a date; undefined where it makes no sense. */
export function retryAfterSeconds(
  header: string | readonly string[] | undefined,
  nowWall: number,
): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date / 1e3 - nowWall);
}
