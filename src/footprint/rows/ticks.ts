import { ErrorCode, WattloopError } from '../../errors/index.js';

/** Time cut into equal pieces: tick `i` is from `start + i · tickSeconds` on. */
export interface Ticks {
  readonly start: number;
  readonly tickSeconds: number;
  readonly count: number;
}

/** Refuses ticks in which no time can be counted. */
export function checkTicks({ start, tickSeconds, count }: Ticks): void {
  const isWhole = Number.isSafeInteger(count) && count >= 0;
  // A tick that is lost in the rounding of its time has no length.
  const hasLength =
    tickSeconds > 0 && start + tickSeconds > start && start + (count + 1) * tickSeconds < Infinity;
  if (isWhole && hasLength) return;
  throw new WattloopError(
    ErrorCode.badInput,
    `${count} ticks of ${tickSeconds} s from ${start} s on are no times that work can be counted in`,
    { remedy: 'Choose a tick above 0 s, such as 1, and a whole number of them' },
  );
}

/** Where tick `index` begins. Every edge comes from this one sum, so that neighbouring ticks never overlap. */
export function edgeOf(ticks: Omit<Ticks, 'count'>, index: number): number {
  return ticks.start + index * ticks.tickSeconds;
}

/** The tick that `t` falls in, by the edges as they are after rounding; ticks before the first have negative numbers. */
export function tickOf(ticks: Omit<Ticks, 'count'>, t: number): number {
  let index = Math.floor((t - ticks.start) / ticks.tickSeconds);
  // So far away there are no whole numbers any more, and no tick.
  if (!Number.isSafeInteger(index)) return index;
  while (edgeOf(ticks, index) > t) index--;
  while (edgeOf(ticks, index + 1) <= t) index++;
  return index;
}

/** The tick in which something ends that goes on until `t`: at an edge, the tick before it. */
export function lastTickOf(ticks: Omit<Ticks, 'count'>, t: number): number {
  const index = tickOf(ticks, t);
  return edgeOf(ticks, index) === t ? index - 1 : index;
}
