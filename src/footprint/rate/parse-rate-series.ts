import { ErrorCode, WattloopError } from '../../errors/index.js';
import { csvCells } from './csv-line.js';
import { decimal, moment } from './moment.js';
import { RateSeries } from './rate-series.js';

/** Which columns a file of rates may have. */
export interface RateColumns {
  /** What the rate is, for messages: `carbon intensity`. */
  readonly what: string;
  /** Names of its column, the best first, in lower case. */
  readonly names: readonly (string | RegExp)[];
  /** What a rate above which something else must have been meant. */
  readonly most: number;
}

export interface ParseRateOptions {
  /** The file's name, for messages. */
  readonly file: string;
  /** The column that holds the rate, where it has none of the usual names. */
  readonly column?: string;
  readonly lastHoldsSeconds?: number;
}

const TIME_NAMES = ['t', 'time', 'datetime', 'datetime (utc)', 'timestamp', 'point_time', 'from', 'date'];

function fail(file: string, line: number, message: string, remedy: string): WattloopError {
  return new WattloopError(ErrorCode.badInput, `${file}, line ${line}: ${message}`, { remedy });
}

function find(header: readonly string[], names: readonly (string | RegExp)[]): number {
  for (const name of names) {
    const index = header.findIndex((cell) => (typeof name === 'string' ? cell === name : name.test(cell)));
    if (index >= 0) return index;
  }
  return -1;
}

/**
 * Rates over time from comma-separated text: a header, then a row for every moment from which on a rate holds. Times are
 * dates or seconds; a blank rate is one that is not known until the next row.
 */
export function parseRateSeries(text: string, columns: RateColumns, options: ParseRateOptions): RateSeries {
  const { file, column } = options;
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = csvCells(lines[0] ?? '').map((cell) => cell.toLowerCase());
  const timeAt = find(header, TIME_NAMES);
  const rateAt = find(header, column === undefined ? columns.names : [column.toLowerCase()]);
  if (timeAt < 0) {
    throw fail(file, 1, 'no column of times', `Name it in the header: ${TIME_NAMES.slice(0, 4).join(', ')}`);
  }
  if (rateAt < 0) {
    const known = columns.names.filter((name) => typeof name === 'string').join(', ');
    throw fail(
      file,
      1,
      column === undefined ? `no column of ${columns.what}` : `no column "${column}"`,
      `Name it in the header: ${known}`,
    );
  }
  const t: number[] = [];
  const rates: number[] = [];
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    const cells = csvCells(line);
    if (cells.length <= Math.max(timeAt, rateAt)) {
      throw fail(
        file,
        index + 1,
        `${cells.length} cells where the header has ${header.length}`,
        'Complete the row',
      );
    }
    const [time = '', rate = ''] = [cells[timeAt], cells[rateAt]];
    const at = moment(time);
    if (at === undefined || !Number.isFinite(at)) {
      throw fail(file, index + 1, `"${time}" is not a time`, 'Write seconds, or a date as 2026-03-01T12:00Z');
    }
    const before = t.at(-1);
    if (before !== undefined && at <= before) {
      const how = at === before ? 'the same time as' : 'earlier than';
      throw fail(file, index + 1, `"${time}" is ${how} the row before`, 'Sort the rows by time, each once');
    }
    const value = rate === '' ? Number.NaN : decimal(rate);
    if (value === undefined || value === Number.POSITIVE_INFINITY) {
      throw fail(file, index + 1, `"${rate}" is not a number`, 'Leave a cell blank where it is not known');
    }
    if (value < 0 || value > columns.most) {
      throw fail(file, index + 1, `${columns.what} of ${rate}`, `It is from 0 to ${columns.most}`);
    }
    t.push(at);
    rates.push(value);
  }
  if (t.length < 2 && options.lastHoldsSeconds === undefined) {
    throw fail(
      file,
      lines.length,
      `${t.length === 0 ? 'no row' : 'only one row'} of ${columns.what}`,
      'Give two rows at least, so that it can be told how long the last one holds',
    );
  }
  if (t.length === 0) throw fail(file, 1, `no row of ${columns.what}`, 'Give one row at least');
  return new RateSeries({ t, perKilowattHour: rates }, options.lastHoldsSeconds);
}
