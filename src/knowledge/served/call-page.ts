import { ErrorCode, WattloopError } from '../../base/index.js';
import type { AccountedCall, CallStatus } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { number } from '../sqlite/row.js';
import { CALL_COLUMNS, decodeCall, STATUS_CODES } from './call-row.js';
import { toMicros } from './micros.js';
import type { Names } from './names.js';

export interface ServedCallFilter {
  readonly function?: string;
  readonly status?: CallStatus;
  /** Seconds since 1970: calls that ended from then on… */
  readonly from?: number;
  /** …and before then. */
  readonly to?: number;
  /** What the page before gave as `next`. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface ServedCallPage {
  /** The newest first. */
  readonly calls: readonly AccountedCall[];
  /** The cursor of the next page, if there is one. */
  readonly next: string | undefined;
}

const LIMIT = 10_000;
const RADIX = 36;
const CURSOR = /^[0-9a-z]{1,11}$/;
/** How late a key can be after its call's end, for calls that all ended at once. */
const LATE_MICROS = 1e6;

const COLUMNS = CALL_COLUMNS.join(', ');

/** Keys from `low` up to, not with, `high`. */
interface KeyRange {
  readonly low: number;
  readonly high: number;
}

function highest(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  const key = CURSOR.test(cursor) ? Number.parseInt(cursor, RADIX) : Number.NaN;
  if (Number.isSafeInteger(key)) return key;
  throw new WattloopError(ErrorCode.badInput, `"${cursor}" is no cursor`, {
    remedy: 'Give what the page before gave, or none for the newest',
  });
}

/** Reads calls a page at a time, the newest first. What is added meanwhile moves nothing on the pages that follow. */
export class CallPages {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  select(filter: ServedCallFilter): ServedCallPage {
    if (!Number.isInteger(filter.limit) || filter.limit < 1 || filter.limit > LIMIT)
      throw new WattloopError(ErrorCode.badInput, `the limit is ${filter.limit}`, {
        remedy: `Ask for 1 to ${LIMIT} calls`,
      });
    const range: KeyRange = {
      low: filter.from === undefined ? 0 : toMicros(filter.from),
      high: Math.min(
        highest(filter.cursor),
        filter.to === undefined ? Number.MAX_SAFE_INTEGER : toMicros(filter.to) + LATE_MICROS,
      ),
    };
    // One more than asked for tells whether there is a next page.
    const keys = this.#keys(filter, range, filter.limit + 1);
    const shown = keys.slice(0, filter.limit);
    const last = shown.at(-1);
    return {
      calls: this.#rows(shown),
      next: keys.length > shown.length && last !== undefined ? last.toString(RADIX) : undefined,
    };
  }

  #keys(filter: ServedCallFilter, range: KeyRange, limit: number): number[] {
    const ended = { low: range.low, high: filter.to === undefined ? range.high : toMicros(filter.to) };
    const between = 'key < ? AND key >= ? AND key - late >= ? AND key - late < ?';
    const bounds = (low: number): number[] => [range.high, low, ended.low, ended.high];
    const select = (where: string, values: readonly number[], low: number): number[] =>
      this.#connection
        .rows(
          `SELECT key FROM served_calls WHERE ${where}${between} ORDER BY key DESC LIMIT ?`,
          ...values,
          ...bounds(low),
          limit,
        )
        .map((row) => number(row, 'key'));
    const { function: name, status } = filter;
    if (name === undefined && status === undefined) return select('', [], range.low);

    // The index keeps each function's calls of each status in order: the newest of each, merged, are the newest of all.
    const functions = name === undefined ? this.#names.all('function') : [this.#names.find('function', name)];
    const codes = status === undefined ? Object.values(STATUS_CODES) : [STATUS_CODES[status]];
    let newest: number[] = [];
    let low = range.low;
    for (const key of functions)
      for (const code of codes) {
        if (key === undefined) continue;
        const found = select('function = ? AND status = ? AND ', [key, code], low);
        if (found.length === 0) continue;
        newest = [...newest, ...found].sort((a, b) => b - a).slice(0, limit);
        // What is older than all of a full page is of no interest in the others.
        if (newest.length === limit) low = newest.at(-1) ?? low;
      }
    return newest;
  }

  #rows(keys: readonly number[]): AccountedCall[] {
    return this.#connection
      .rows(
        `SELECT ${COLUMNS} FROM served_calls WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key DESC`,
        JSON.stringify(keys),
      )
      .map((row) => decodeCall(row, this.#names));
  }
}
