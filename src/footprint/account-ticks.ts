import { ErrorCode, WattloopError } from '../errors/index.js';
import type { Ticks } from './rows/ticks.js';

/** Beyond so many ticks there is no memory for an account, and no use in one. */
const MOST_TICKS = 10_000_000;

/** The whole ticks of which both work and power are on record. */
export function ticksOf(
  { startSeconds: start, endSeconds: end }: { readonly startSeconds: number; readonly endSeconds: number },
  tickSeconds: number,
): Ticks {
  const count = Math.floor((end - start) / tickSeconds + 1e-9);
  if (count >= 1 && count <= MOST_TICKS) return { start, tickSeconds, count };
  if (count > MOST_TICKS)
    throw new WattloopError(
      ErrorCode.badInput,
      `from ${start} s to ${end} s there are ${count} ticks of ${tickSeconds} s; up to ${MOST_TICKS} can be accounted for`,
      { remedy: 'See that the times are right, or choose a longer tick' },
    );
  throw new WattloopError(
    ErrorCode.badInput,
    `power is on record up to ${end} s on the clock of the work: from ${start} s on that makes no whole tick of ${tickSeconds} s`,
    { remedy: 'Choose a shorter tick, or a longer record; work begins at 0 s' },
  );
}
