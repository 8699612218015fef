import { InvalidArgumentError } from 'commander';

const SECONDS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Seconds from `50ms`, `1.5s`, `2m`, `1h`, or a plain number of seconds. For commander's options. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(us|ms|s|m|h)?$/.exec(text.trim());
  const seconds = Number(match?.[1]) * (SECONDS[match?.[2] ?? 's'] ?? Number.NaN);
  if (!(seconds > 0)) throw new InvalidArgumentError('It must be a time above 0 such as 50ms, 1.5s or 2m.');
  return seconds;
}
