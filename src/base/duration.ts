const SECONDS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Seconds from `50ms`, `1.5s`, `2m`, `1h`, or a plain number of seconds; undefined when it is none of these. */
export function secondsOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(us|ms|s|m|h)?$/.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * (SECONDS[match[2] ?? 's'] ?? Number.NaN);
}
