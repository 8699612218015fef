import type { InvocationTable } from '../../../model/index.js';
import type { PairedTicks } from './paired-ticks.js';

/** How much some functions ran in the ticks of a window. */
export interface Presence {
  /** Seconds that they ran, by tick. */
  readonly seconds: Float64Array;
  /** How many invocations that is; one that reaches beyond the window counts by the part of it within. */
  readonly invocations: number;
}

export function presenceOf(
  { functions, functionIndex, start, end }: InvocationTable,
  names: ReadonlySet<string>,
  { tickSeconds, count }: Pick<PairedTicks, 'tickSeconds' | 'count'>,
): Presence {
  const seconds = new Float64Array(count);
  const until = tickSeconds * count;
  const isMeant = functions.map((name) => names.has(name));
  let invocations = 0;
  for (let i = 0; i < start.length; i++) {
    const [began, ended] = [start[i] ?? Number.NaN, end[i] ?? Number.NaN];
    if (!isMeant[functionIndex[i] ?? 0] || !(ended >= began) || ended < 0 || began >= until) continue;
    const from = Math.max(0, began);
    const to = Math.min(until, ended);
    // Nobody knows how long one that never ended would have been: what began in the window counts whole.
    invocations += Number.isFinite(ended) && ended > began ? (to - from) / (ended - began) : 1;
    for (let tick = Math.floor(from / tickSeconds); tick < count && tick * tickSeconds < to; tick++) {
      const within = Math.min(to, (tick + 1) * tickSeconds) - Math.max(from, tick * tickSeconds);
      seconds[tick] = (seconds[tick] ?? 0) + within;
    }
  }
  return { seconds, invocations };
}
