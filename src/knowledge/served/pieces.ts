import type { Connection } from '../sqlite/connection.js';
import { number } from '../sqlite/row.js';
import { ceilTo, floorTo, HOUR, type Level, MINUTE } from './levels.js';

/** Windows of one length whose `at` is at least `low` and below `high`. */
export interface Piece {
  readonly level: Level;
  readonly low: number;
  readonly high: number;
}

/**
 * From when on windows by minute are kept in full; undefined when there are none. Of an hour whose first minutes were
 * removed, the hour alone is used, so that nothing is missed and nothing counted twice.
 */
export function minutesSince(connection: Connection): number | undefined {
  const sql = 'SELECT at, from_at FROM served_windows WHERE level = ? ORDER BY at LIMIT 1';
  const [first] = connection.rows(sql, MINUTE);
  if (first === undefined) return undefined;
  const hour = floorTo(number(first, 'at'), HOUR);
  const [whole] = connection.rows(
    'SELECT from_at FROM served_windows WHERE level = ? AND at = ?',
    HOUR,
    hour,
  );
  const isWhole = whole === undefined || number(whole, 'from_at') >= number(first, 'from_at');
  return isWhole ? hour : hour + HOUR;
}

/** The beginning of the first window of that length whose middle is at or after that moment. */
const firstFrom = (moment: number, level: Level): number => ceilTo(moment - level / 2, level);

/**
 * The windows whose middle lies in the range, each once, in as few rows as can be: hours where minutes are no longer
 * kept, or where all of an hour lies in the range. Ranges that follow one another so share out all windows among them.
 */
export function piecesOf(from: number, to: number, since: number | undefined): Piece[] {
  const pieces: Piece[] = [];
  const add = (level: Level, low: number, high: number): void => {
    if (high > low) pieces.push({ level, low, high });
  };
  const border = since ?? Number.POSITIVE_INFINITY;
  add(HOUR, firstFrom(from, HOUR), Math.min(firstFrom(to, HOUR), border));
  const low = Math.max(firstFrom(from, MINUTE), border);
  const high = firstFrom(to, MINUTE);
  if (high > low) {
    const wholeLow = Math.min(ceilTo(low, HOUR), high);
    const wholeHigh = Math.max(floorTo(high, HOUR), wholeLow);
    add(MINUTE, low, wholeLow);
    add(HOUR, wholeLow, wholeHigh);
    add(MINUTE, wholeHigh, high);
  }
  return pieces;
}
