import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Connection } from '../sqlite/connection.js';
import { number, numberOrNone, type Row } from '../sqlite/row.js';
import { ceilTo, floorTo, HOUR, MINUTE } from './levels.js';
import { fromMicros } from './micros.js';
import type { Names } from './names.js';
import { keptWindows } from './pieces.js';
import { RATES_OF_ALL, RATES_OF_ONE, SECONDS, SHARES_OF_ONE, WINDOWS } from './series-sql.js';

export interface SeriesRange {
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Calls and energy of this function alone; else of all, and of the machine. */
  readonly function?: string;
  /** Seconds from point to point that are wished for. */
  readonly stepSeconds: number;
}

/** A step of a series. Figures that are not kept of then are absent; a step of which nothing is kept is left out. */
export interface SeriesPoint {
  /** When the step begins: seconds since 1970, a multiple of the step. */
  readonly at: number;
  /** The machine's mean over what was measured in the step. Not of a function. */
  readonly watts?: number;
  readonly cpuWatts?: number;
  readonly idleWatts?: number;
  /** Calls that ended in the step, of them those that were not done well and those that were cold. */
  readonly calls?: number;
  readonly errors?: number;
  readonly cold?: number;
  /** From when a replica was given these calls to their end, summed. */
  readonly callSeconds?: number;
  /** By calls: what those that ended in the step had used themselves. By windows: what was used in it, and its shares. */
  readonly individualJoules?: number;
  readonly controlPlaneJoules?: number;
  readonly idleJoules?: number;
  readonly unattributedJoules?: number;
  readonly measuredJoules?: number;
}

export interface Series {
  readonly stepSeconds: number;
  /** What the points were made of: calls and seconds one by one, or windows of the account by minute or by hour. */
  readonly of: 'calls' | 'minutes' | 'hours';
  readonly points: readonly SeriesPoint[];
}

const POINTS = 20_000;

/** How much later than the others the finest figures may begin, and still be taken: a first window takes a while. */
const LATER_SECONDS = 2 * MINUTE;

type Figures = { -readonly [Name in keyof SeriesPoint]: SeriesPoint[Name] };
type Columns = Readonly<Record<string, Exclude<keyof SeriesPoint, 'at'>>>;

const OF_MACHINE: Columns = { watts: 'watts', cpu_watts: 'cpuWatts', idle_watts: 'idleWatts' };
const OF_CALLS: Columns = {
  calls: 'calls',
  errors: 'errors',
  cold: 'cold',
  call_seconds: 'callSeconds',
  individual: 'individualJoules',
};
const OF_WINDOWS: Columns = {
  ...OF_CALLS,
  control_plane: 'controlPlaneJoules',
  idle: 'idleJoules',
  unattributed: 'unattributedJoules',
  measured: 'measuredJoules',
  watts: 'watts',
};

export class SeriesQueries {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  select(range: SeriesRange): Series {
    check(range);
    const level = this.#levelOf(range);
    const stepSeconds = ceilTo(range.stepSeconds, level);
    const points = new Map<number, Figures>();
    const add = (rows: readonly Row[], columns: Columns): void => {
      for (const row of rows) {
        const at = number(row, 'slot') * stepSeconds;
        const point = points.get(at) ?? { at };
        for (const [column, name] of Object.entries(columns)) {
          const figure = numberOrNone(row, column);
          if (figure !== undefined) point[name] = figure;
        }
        points.set(at, point);
      }
    };
    const key = range.function === undefined ? undefined : this.#names.find('function', range.function);
    const isKnown = range.function === undefined || key !== undefined;
    const from = floorTo(range.from, stepSeconds);
    const to = ceilTo(range.to, stepSeconds);
    if (isKnown) {
      const rows = (sql: string, ...more: readonly number[]): Row[] =>
        this.#connection.rows(sql, stepSeconds, ...more, from, to);
      if (level === 1) {
        if (key === undefined) add(rows(SECONDS), OF_MACHINE);
        add(key === undefined ? rows(RATES_OF_ALL) : rows(RATES_OF_ONE, key), OF_CALLS);
      } else if (key === undefined) add(rows(WINDOWS, level), OF_WINDOWS);
      else add(rows(SHARES_OF_ONE, key, level), OF_WINDOWS);
    }
    return {
      stepSeconds,
      of: level === 1 ? 'calls' : level === MINUTE ? 'minutes' : 'hours',
      points: [...points.values()].sort((a, b) => a.at - b.at),
    };
  }

  /** The finest figures that are wished for and go back so far, or as far as any. */
  #levelOf({ from, stepSeconds }: SeriesRange): 1 | typeof MINUTE | typeof HOUR {
    const begins = (sql: string): number => this.#connection.integer(sql) ?? Number.POSITIVE_INFINITY;
    const hours = begins(
      `SELECT CAST(from_at AS INTEGER) FROM served_windows WHERE level = ${HOUR} ORDER BY at LIMIT 1`,
    );
    const minutes = Math.max(keptWindows(this.#connection).minutes, hours);
    const calls = Math.min(
      begins('SELECT min(at) FROM served_rates'),
      fromMicros(begins('SELECT min(key) FROM served_seconds')),
    );
    const needed = Math.max(from, Math.min(hours, minutes, calls)) + LATER_SECONDS;
    if (stepSeconds < MINUTE && calls <= needed) return 1;
    if (stepSeconds < HOUR && minutes <= needed) return MINUTE;
    return HOUR;
  }
}

function check({ from, to, stepSeconds }: SeriesRange): void {
  const refuse = (what: string, remedy: string): never => {
    throw new WattloopError(ErrorCode.badInput, what, { remedy });
  };
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to))
    refuse(`there is no time from ${from} to ${to}`, 'Give seconds since 1970, the earlier first');
  if (!(stepSeconds >= 1)) refuse(`the step is ${stepSeconds} s`, 'Ask for one second or more');
  if ((to - from) / stepSeconds > POINTS)
    refuse(
      `that would be more than ${POINTS} points`,
      `Ask for steps of ${Math.ceil((to - from) / POINTS)} s or more`,
    );
}
