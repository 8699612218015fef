import type { Arrivals } from '../server/arrivals.js';

/** How calls may come, by the names that a user gives. */
export const LOAD_ARRIVALS = {
  closed: 'so many callers (--concurrency) who each wait for the answer before they call again',
  constant: 'by the clock',
  exponential: 'at any moment, independently of one another',
  azure: 'as in a cloud: at any moment, at a rate that is another in each minute',
  bursty: 'bursts and silence take turns',
} as const;
export type LoadArrival = keyof typeof LOAD_ARRIVALS;

/** Spread and memory of the minutes' rates: few functions of a cloud keep to their mean. */
const CLOUD = { spread: 0.5, persistence: 0.6 } as const;
const BURST_SECONDS = 5;
const SILENCE_SECONDS = 15;

/** The moments of calls that come so often on average. */
export function openArrivals(kind: Exclude<LoadArrival, 'closed'>, perSecond: number): Arrivals {
  switch (kind) {
    case 'constant':
      return { kind: 'periodic', everySeconds: 1 / perSecond, batch: 1, jitterSeconds: 0 };
    case 'exponential':
      return { kind: 'poisson', perSecond };
    case 'azure':
      return { kind: 'minutes', perSecond, ...CLOUD };
    case 'bursty':
      return { kind: 'bursty', perSecond, onSeconds: BURST_SECONDS, offSeconds: SILENCE_SECONDS };
  }
}
