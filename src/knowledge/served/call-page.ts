import { ErrorCode, WattloopError } from '../../base/index.js';
import { type AccountedCall, CALL_STATUSES, type CallColumns, type CallStatus } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { bytes, number, text } from '../sqlite/row.js';
import { unpackCalls } from './call-block.js';
import { statusBits } from './call-table.js';
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
const CURSOR = /^([0-9a-z]{1,11})-([0-9a-z]{1,11})-([0-9a-z]{1,6})$/;

/** Where a call stands: when it ended, in microseconds; its block; its place in that. */
type Place = readonly [ended: number, block: number, index: number];

/** After the newest. */
const END: Place = [Number.MAX_SAFE_INTEGER, 0, 0];

const isBefore = (a: Place, b: Place): boolean =>
  a[0] !== b[0] ? a[0] < b[0] : a[1] !== b[1] ? a[1] < b[1] : a[2] < b[2];

/** Calls of blocks that were read, and their places. */
interface Found {
  readonly place: Place;
  readonly calls: CallColumns;
}

const BLOCKS = `SELECT key, last FROM served_calls WHERE (last, key) < (?, ?) AND last >= ? AND first < ? AND statuses & ?
  ORDER BY last DESC, key DESC LIMIT ?`;
const BLOCKS_OF_FUNCTION = `SELECT block AS key, last FROM served_callers
  WHERE function = ? AND (last, block) < (?, ?) AND last >= ? AND statuses & ? ORDER BY last DESC, block DESC LIMIT ?`;
const BLOCKS_AT_ONCE = 16;
const CONTENT = 'SELECT calls, about, columns FROM served_calls WHERE key = ?';

/** Reads calls a page at a time, the newest first. What is added meanwhile moves nothing on the pages that follow. */
export class CallPages {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  select(filter: ServedCallFilter): ServedCallPage {
    const { limit } = filter;
    if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT)
      throw new WattloopError(ErrorCode.badInput, `the limit is ${limit}`, {
        remedy: `Ask for 1 to ${LIMIT} calls`,
      });
    const below = placeOf(filter.cursor);
    // One more than asked for tells whether there is a next page.
    let newest: Found[] = [];
    for (const { key, last } of this.#blocks(filter, below)) {
      const oldest = newest[limit];
      // All of this block, and of those that follow, is older than all of a full page.
      if (oldest !== undefined && isBefore([last, key, Number.POSITIVE_INFINITY], oldest.place)) break;
      newest.push(...this.#read(key, filter, below, limit + 1));
      newest = newest.sort((a, b) => (isBefore(a.place, b.place) ? 1 : -1)).slice(0, limit + 1);
    }
    const shown = newest.slice(0, limit);
    const last = shown.at(-1);
    return {
      calls: shown.map(({ place, calls }) => calls.at(place[2])),
      next: newest.length > shown.length && last !== undefined ? cursorOf(last.place) : undefined,
    };
  }

  /** Blocks that may hold some, by their newest call. */
  *#blocks(
    filter: ServedCallFilter,
    below: Place,
  ): Generator<{ readonly key: number; readonly last: number }> {
    const { function: name, status } = filter;
    const low = filter.from === undefined ? 0 : toMicros(filter.from);
    const high = Math.min(below[0] + 1, filter.to === undefined ? END[0] : toMicros(filter.to));
    const bits = statusBits(status);
    const key = name === undefined ? undefined : this.#names.find('function', name);
    if (name !== undefined && key === undefined) return;
    let from: readonly [number, number] = [END[0], 0];
    for (;;) {
      const rows =
        key === undefined
          ? this.#connection.rows(BLOCKS, ...from, low, high, bits, BLOCKS_AT_ONCE)
          : this.#connection.rows(BLOCKS_OF_FUNCTION, key, ...from, low, bits, BLOCKS_AT_ONCE);
      for (const row of rows) {
        from = [number(row, 'last'), number(row, 'key')];
        yield { key: from[1], last: from[0] };
      }
      if (rows.length < BLOCKS_AT_ONCE) return;
    }
  }

  /** The newest of a block that are asked for. */
  #read(block: number, filter: ServedCallFilter, below: Place, most: number): Found[] {
    const [row] = this.#connection.rows(CONTENT, block);
    if (row === undefined) return [];
    const { calls, ended } = unpackCalls(text(row, 'about'), bytes(row, 'columns'), number(row, 'calls'));
    const { function: name, status } = filter;
    const low = filter.from === undefined ? Number.NEGATIVE_INFINITY : toMicros(filter.from);
    const high = filter.to === undefined ? Number.POSITIVE_INFINITY : toMicros(filter.to);
    const isOfFunction = calls.origins.map((origin) => name === undefined || origin.function === name);
    const code = status && CALL_STATUSES.indexOf(status);
    const found: Found[] = [];
    for (let index = calls.length - 1; index >= 0 && found.length < most; index--) {
      const at = ended[index] ?? 0;
      if (at < low) break;
      const place: Place = [at, block, index];
      if (at >= high || !isBefore(place, below)) continue;
      if (!isOfFunction[calls.numbers.origin[index] ?? 0]) continue;
      if (code === undefined || calls.numbers.status[index] === code) found.push({ place, calls });
    }
    return found;
  }
}

const cursorOf = (place: Place): string => place.map((each) => each.toString(RADIX)).join('-');

function placeOf(cursor: string | undefined): Place {
  if (cursor === undefined) return END;
  const parts = CURSOR.exec(cursor)
    ?.slice(1)
    .map((part) => Number.parseInt(part, RADIX));
  const [ended, block, index] = parts ?? [];
  if (ended !== undefined && block !== undefined && index !== undefined && parts?.every(Number.isSafeInteger))
    return [ended, block, index];
  throw new WattloopError(ErrorCode.badInput, `"${cursor}" is no cursor`, {
    remedy: 'Give what the page before gave, or none for the newest',
  });
}
