import type { InvocationTable } from '../../model/index.js';
import { bucketed, sortBuckets } from './buckets.js';
import type { RowBuilder } from './row-builder.js';
import { Running } from './running.js';
import { edgeOf, type Ticks, tickOf } from './ticks.js';

/** Invocations by column, of which the first `count` are looked at. */
export interface InvocationColumns extends Pick<InvocationTable, 'functionIndex' | 'start' | 'end'> {
  readonly count: number;
}

const NOWHERE = -1;
/** The bucket of what began before the first tick. */
const BEFORE = 0;

/**
 * Gives every tick from `first` to before `until` to the builder as a row, walking through time once: what ends, what runs
 * through, what begins. So the work is in proportion to invocations and entries, however long an invocation runs; and the
 * result is the same to the last bit in whatever order the invocations come. Returns how many began while another of their
 * function ran.
 */
export function sweep(
  invocations: InvocationColumns,
  functions: number,
  ticks: Omit<Ticks, 'count'>,
  [first, until]: readonly [number, number],
  builder: RowBuilder,
): number {
  const { functionIndex, start, end, count } = invocations;
  const [from, to] = [edgeOf(ticks, first), edgeOf(ticks, until)];
  const startOf = (row: number): number => start[row] ?? Number.NaN;
  const endOf = (row: number): number => end[row] ?? Number.NaN;

  const begins = bucketed(
    count,
    (place) => place,
    until - first + 1,
    (row) => {
      const [begin, finish] = [startOf(row), endOf(row)];
      if (!isInside(begin, finish, from, to)) return NOWHERE;
      return begin < from ? BEFORE : tickOf(ticks, begin) - first + 1;
    },
  );
  sortBuckets(begins, (a, b) => startOf(a) - startOf(b) || compareEnds(endOf(a), endOf(b)));

  // Only what runs over the edge of a tick has an end to wait for.
  const ends = bucketed(
    begins.order.length,
    (place) => begins.order[place] ?? 0,
    until - first,
    (row) => {
      const [begin, finish] = [startOf(row), endOf(row)];
      if (finish >= to) return NOWHERE;
      const isWithinTick = begin >= from && finish <= edgeOf(ticks, tickOf(ticks, begin) + 1);
      return isWithinTick ? NOWHERE : tickOf(ticks, finish) - first;
    },
  );

  const running = new Running(functions);
  const busyUntil = new Float64Array(functions).fill(Number.NEGATIVE_INFINITY);
  let overlapping = 0;

  const note = (index: number, row: number): void => {
    const [begin, finish] = [startOf(row), endOf(row)];
    const busy = busyUntil[index] ?? 0;
    if (begin < busy && finish > begin && begin >= from) overlapping++;
    if (finish > busy) busyUntil[index] = finish;
  };

  for (let at = 0; at < (begins.starts[1] ?? 0); at++) {
    const row = begins.order[at] ?? 0;
    const index = functionIndex[row] ?? 0;
    note(index, row);
    running.begin(index);
  }
  for (let tick = first; tick < until; tick++) {
    const [tickFrom, tickTo] = [edgeOf(ticks, tick), edgeOf(ticks, tick + 1)];
    const bucket = tick - first;
    for (let at = ends.starts[bucket] ?? 0; at < (ends.starts[bucket + 1] ?? 0); at++) {
      const row = ends.order[at] ?? 0;
      const index = functionIndex[row] ?? 0;
      running.end(index);
      // At the edge it ran through the tick before, whether or not its end was known by then.
      if (endOf(row) > tickFrom) builder.add(index, endOf(row) - tickFrom, 0);
    }
    running.walk((index, times) => builder.add(index, times * ticks.tickSeconds, 0));
    for (let at = begins.starts[bucket + 1] ?? 0; at < (begins.starts[bucket + 2] ?? 0); at++) {
      const row = begins.order[at] ?? 0;
      const index = functionIndex[row] ?? 0;
      note(index, row);
      const finish = endOf(row);
      builder.add(index, Math.min(finish, tickTo) - startOf(row), 1);
      if (finish > tickTo) running.begin(index);
    }
    builder.endRow();
  }
  return overlapping;
}

/** Whether an invocation can have run so. */
export function isTime(begin: number, end: number): boolean {
  return Number.isFinite(begin) && end >= begin;
}

/** Whether an invocation has anything to do with the time between; one of no length has where it stands within. */
export function isInside(begin: number, end: number, from: number, to: number): boolean {
  return isTime(begin, end) && begin < to && (end > from || begin >= from);
}

/** Neither may be a number: both can be Infinity. */
function compareEnds(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
