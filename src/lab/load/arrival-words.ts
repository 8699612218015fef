import { meanRate } from '../server/arrivals.js';
import type { CallPattern } from './load-plan.js';

const NAMES = {
  poisson: 'exponential',
  minutes: 'azure',
  bursty: 'bursty',
  periodic: 'constant',
  'heavy-tailed': 'heavy-tailed',
} as const;

/** How calls come, in a few words. */
export function arrivalWords(pattern: CallPattern): string {
  if (pattern.kind === 'replayed') return 'replayed';
  if (pattern.kind === 'open')
    return `${NAMES[pattern.arrivals.kind]}, ${Number(meanRate(pattern.arrivals).toPrecision(3))}/s`;
  const { callers, thinkSeconds } = pattern;
  const think = thinkSeconds > 0 ? `, thinking ${thinkSeconds} s` : '';
  return `closed, ${callers} ${callers === 1 ? 'caller' : 'callers'}${think}`;
}
