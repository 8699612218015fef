import type { FootprintWindow, FunctionWindow } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { fromJson } from '../sqlite/json.js';
import { number, numberOrNone, type Row, text } from '../sqlite/row.js';
import { floorTo, HOUR, MINUTE } from './levels.js';
import type { Names } from './names.js';
import { keptWindows, type Piece, piecesOf } from './pieces.js';

export interface ServedRange {
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Of this function alone; the sums of the machine are all the same. */
  readonly function?: string;
}

/**
 * The sum of the minutes, or hours where minutes are no longer kept, whose middle lies in a range. None is ever cut:
 * `from` and `to` are those of the windows that were added up, not those that were asked for. Figures that not every window tells are the sums of those that do.
 */
export interface FootprintSums extends FootprintWindow {
  /** Seconds of the windows themselves: less than from `from` to `to` where there was no account in between. */
  readonly seconds: number;
}

const SUMS = [
  'seconds',
  'measured',
  'individual',
  'control_plane',
  'idle',
  'unattributed',
  'grid_by_joules',
  'grid_by_seconds',
] as const;
const SHARES = [
  'calls',
  'errors',
  'cold',
  'call_seconds',
  'individual',
  'control_plane',
  'idle',
  'operational',
] as const;
const SHARES_IF_ANY = ['cpu_seconds', 'embodied'] as const;

const sums = (columns: readonly string[]): string =>
  columns.map((column) => `sum(${column}) AS ${column}`).join(', ');
const WINDOWS = `SELECT min(from_at) AS from_at, max(to_at) AS to_at, ${sums(SUMS)} FROM served_windows
  WHERE level = ? AND at >= ? AND at < ? HAVING count(*) > 0`;
const PRINCIPALS = 'SELECT principals FROM served_windows WHERE level = ? AND at >= ? AND at < ?';
const FUNCTIONS = `SELECT function, ${sums([...SHARES, ...SHARES_IF_ANY])} FROM served_shares
  WHERE level = ? AND at >= ? AND at < ? GROUP BY function`;
// The rows of one function are found window by window, not by reading those of all.
const FUNCTION = `SELECT s.function, ${sums([...SHARES, ...SHARES_IF_ANY].map((column) => `s.${column}`)).replaceAll('AS s.', 'AS ')}
  FROM served_windows w CROSS JOIN served_shares s ON s.level = w.level AND s.at = w.at AND s.function = ?
  WHERE w.level = ? AND w.at >= ? AND w.at < ? GROUP BY s.function`;

type Sum = Map<string, number>;

function add(sum: Sum, row: Row, columns: readonly string[]): void {
  for (const column of columns) {
    const figure = numberOrNone(row, column);
    if (figure !== undefined) sum.set(column, (sum.get(column) ?? 0) + figure);
  }
}

export class FootprintQueries {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  /** Undefined when no window is kept of then. */
  select(range: ServedRange): FootprintSums | undefined {
    const pieces = this.#pieces(range.from, range.to);
    const sum: Sum = new Map();
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const { level, low, high } of pieces) {
      const [row] = this.#connection.rows(WINDOWS, level, low, high);
      if (row === undefined) continue;
      from = Math.min(from, number(row, 'from_at'));
      to = Math.max(to, number(row, 'to_at'));
      add(sum, row, SUMS);
    }
    if (from > to) return undefined;
    const of = (column: (typeof SUMS)[number]): number => sum.get(column) ?? 0;
    return {
      from,
      to,
      seconds: of('seconds'),
      measuredJoules: of('measured'),
      individualJoules: of('individual'),
      controlPlaneJoules: of('control_plane'),
      idleJoules: of('idle'),
      unattributedJoules: of('unattributed'),
      principalJoules: this.#principals(pieces),
      // By energy, so that grams are what they were; by time where there was no energy.
      gramsPerKilowattHour:
        of('measured') > 0 ? of('grid_by_joules') / of('measured') : of('grid_by_seconds') / of('seconds'),
      functions: this.#functions(pieces, range.function),
    };
  }

  /** A range in which no minute, or hour, has its middle is answered with the one around it. */
  #pieces(from: number, to: number): Piece[] {
    const since = keptWindows(this.#connection);
    const pieces = piecesOf(from, to, since);
    if (pieces.length > 0) return pieces;
    const middle = (from + to) / 2;
    const level = middle >= since.minutes ? MINUTE : HOUR;
    const low = floorTo(middle, level);
    return [{ level, low, high: low + level }];
  }

  #principals(pieces: readonly Piece[]): Record<string, number> {
    const all: Record<string, number> = {};
    for (const { level, low, high } of pieces)
      for (const row of this.#connection.rows(PRINCIPALS, level, low, high))
        for (const [name, joules] of Object.entries(
          fromJson<Record<string, number>>(text(row, 'principals'), 'a window of the account'),
        ))
          all[name] = (all[name] ?? 0) + joules;
    return all;
  }

  #functions(pieces: readonly Piece[], name: string | undefined): FunctionWindow[] {
    const key = name === undefined ? undefined : this.#names.find('function', name);
    if (name !== undefined && key === undefined) return [];
    const byFunction = new Map<number, Sum>();
    for (const { level, low, high } of pieces) {
      const rows =
        key === undefined
          ? this.#connection.rows(FUNCTIONS, level, low, high)
          : this.#connection.rows(FUNCTION, key, level, low, high);
      for (const row of rows) {
        const sum = byFunction.get(number(row, 'function')) ?? new Map<string, number>();
        add(sum, row, [...SHARES, ...SHARES_IF_ANY]);
        byFunction.set(number(row, 'function'), sum);
      }
    }
    return [...byFunction].map(([key, sum]) => functionWindow(this.#names.nameOf(key), sum));
  }
}

function functionWindow(name: string, sum: Sum): FunctionWindow {
  const of = (column: (typeof SHARES)[number]): number => sum.get(column) ?? 0;
  const cpuSeconds = sum.get('cpu_seconds');
  const embodiedGrams = sum.get('embodied');
  return {
    function: name,
    calls: of('calls'),
    errors: of('errors'),
    cold: of('cold'),
    callSeconds: of('call_seconds'),
    ...(cpuSeconds !== undefined && { cpuSeconds }),
    individualJoules: of('individual'),
    controlPlaneJoules: of('control_plane'),
    idleJoules: of('idle'),
    operationalGrams: of('operational'),
    ...(embodiedGrams !== undefined && { embodiedGrams }),
  };
}
