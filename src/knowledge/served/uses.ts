import type { Connection } from '../sqlite/connection.js';
import { HOUR, LEVELS } from './levels.js';
import { fromMicros } from './micros.js';
import { type NameKind, USE_SECONDS } from './names.js';

/**
 * From when on names of each kind may be in use. A use is written down with some delay, and calls may come late: names
 * are kept for so much longer than what uses them.
 */
export function oldestUses(connection: Connection, now: number): Map<NameKind, number> {
  const margin = 2 * USE_SECONDS;
  const oldest = (sql: string, ...values: readonly number[]): number =>
    connection.integer(sql, ...values) ?? Number.POSITIVE_INFINITY;
  const calls = fromMicros(oldest('SELECT min(first) FROM served_calls'));
  const seconds = fromMicros(oldest('SELECT min(key) FROM served_seconds'));
  const rates = oldest('SELECT min(at) FROM served_rates');
  const windows = LEVELS.map((level) => oldest('SELECT min(at) FROM served_windows WHERE level = ?', level));
  const since = (...times: readonly number[]): number => Math.min(now - HOUR, ...times) - margin;
  return new Map([
    ['function', since(calls, rates, ...windows)],
    ['principal', since(seconds)],
  ]);
}
