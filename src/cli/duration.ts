import { InvalidArgumentError } from 'commander';
import { secondsOf } from '../base/index.js';

/** Seconds from `50ms`, `1.5s`, `2m`, `1h`, or a plain number of seconds. For commander's options. */
export function duration(text: string): number {
  const seconds = secondsOf(text) ?? Number.NaN;
  if (!(seconds > 0)) throw new InvalidArgumentError('It must be a time above 0 such as 50ms, 1.5s or 2m.');
  return seconds;
}
