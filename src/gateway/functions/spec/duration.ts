const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3_600,
};
const NUMBER = String.raw`(?:\d+\.?\d*|\.\d+)`;
const PART = `(${NUMBER})(ns|us|µs|μs|ms|s|m|h)`;
const DURATION = new RegExp(`^(?:${PART})+$`);
const BARE = new RegExp(`^${NUMBER}$`);

/** For messages. */
export const DURATION_FORM = 'a duration such as 30s, 1m30s or 500ms';

/** Seconds of a duration as Go writes it (`1m30s`), or of a bare number of seconds; undefined for anything else. */
export function durationSeconds(text: string): number | undefined {
  const trimmed = text.trim();
  if (BARE.test(trimmed)) return Number(trimmed);
  if (!DURATION.test(trimmed)) return undefined;
  let seconds = 0;
  for (const [, number, unit = ''] of trimmed.matchAll(new RegExp(PART, 'g'))) {
    seconds += Number(number) * (SECONDS[unit] ?? Number.NaN);
  }
  return Number.isFinite(seconds) ? seconds : undefined;
}
