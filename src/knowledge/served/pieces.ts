import type { Connection } from '../sqlite/connection.js';
import { number } from '../sqlite/row.js';
import { ceilTo, DAY, floorTo, HOUR, type Level, MINUTE } from './levels.js';

/** Windows of one length whose `at` is at least `low` and below `high`. */
export interface Piece {
  readonly level: Level;
  readonly low: number;
  readonly high: number;
}

/**
 * From when on windows are kept in full by that length: a multiple of the next; undefined when there are none. Of an
 * hour whose first minutes were removed the hour alone is used, so that nothing is missed and nothing counted twice.
 */
function keptSince(connection: Connection, level: Level, next: Level): number | undefined {
  const sql = 'SELECT at, from_at FROM served_windows WHERE level = ? ORDER BY at LIMIT 1';
  const [first] = connection.rows(sql, level);
  if (first === undefined) return undefined;
  const at = floorTo(number(first, 'at'), next);
  const [whole] = connection.rows('SELECT from_at FROM served_windows WHERE level = ? AND at = ?', next, at);
  const isWhole = whole !== undefined && number(whole, 'from_at') >= number(first, 'from_at');
  return isWhole ? at : at + next;
}

/** From when on there are minutes, and days: always hours of all that is kept. */
export interface KeptSince {
  readonly minutes: number;
  readonly days: number;
}

export const keptWindows = (connection: Connection): KeptSince => ({
  minutes: keptSince(connection, MINUTE, HOUR) ?? Number.POSITIVE_INFINITY,
  days: keptSince(connection, HOUR, DAY) ?? Number.POSITIVE_INFINITY,
});

/** The beginning of the first window of that length whose middle is at or after that moment. */
const firstFrom = (moment: number, level: Level): number => ceilTo(moment - level / 2, level);

/** Whole windows of the longer length instead of what they are made of, and what is left on both sides. */
function shortened({ level, low, high }: Piece, longer: Level, since: number): Piece[] {
  const from = ceilTo(Math.max(low, since), longer);
  const to = floorTo(high, longer);
  if (!(to > from)) return [{ level, low, high }];
  return [
    { level, low, high: from },
    { level: longer, low: from, high: to },
    { level, low: to, high },
  ];
}

/**
 * The windows whose middle lies in the range, each once, in as few rows as can be: by minute where minutes are kept, by
 * hour before; whole hours and days as such. Ranges that follow one another so share out all windows among them.
 */
export function piecesOf(from: number, to: number, since: KeptSince): Piece[] {
  const hours: Piece = {
    level: HOUR,
    low: firstFrom(from, HOUR),
    high: Math.min(firstFrom(to, HOUR), since.minutes),
  };
  const minutes: Piece = {
    level: MINUTE,
    low: Math.max(firstFrom(from, MINUTE), since.minutes),
    high: firstFrom(to, MINUTE),
  };
  return [hours, minutes]
    .filter(isSome)
    .flatMap((piece) => (piece.level === MINUTE ? shortened(piece, HOUR, since.minutes) : [piece]))
    .flatMap((piece) => (piece.level === HOUR ? shortened(piece, DAY, since.days) : [piece]))
    .filter(isSome);
}

const isSome = ({ low, high }: Piece): boolean => high > low;
