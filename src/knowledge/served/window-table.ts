import { ErrorCode, WattloopError } from '../../base/index.js';
import type { FootprintWindow, FunctionWindow } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { fromJson } from '../sqlite/json.js';
import { text } from '../sqlite/row.js';
import { floorTo, LEVELS, type Level } from './levels.js';
import type { Names } from './names.js';

const ADD_WINDOW = `
INSERT INTO served_windows (level, at, from_at, to_at, seconds, measured, individual, control_plane, idle, unattributed,
  calls, errors, cold, call_seconds, grid_by_joules, grid_by_seconds, principals)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (level, at) DO UPDATE SET
  from_at = min(from_at, excluded.from_at),
  to_at = max(to_at, excluded.to_at),
  seconds = seconds + excluded.seconds,
  measured = measured + excluded.measured,
  individual = individual + excluded.individual,
  control_plane = control_plane + excluded.control_plane,
  idle = idle + excluded.idle,
  unattributed = unattributed + excluded.unattributed,
  calls = calls + excluded.calls,
  errors = errors + excluded.errors,
  cold = cold + excluded.cold,
  call_seconds = call_seconds + excluded.call_seconds,
  grid_by_joules = grid_by_joules + excluded.grid_by_joules,
  grid_by_seconds = grid_by_seconds + excluded.grid_by_seconds,
  principals = excluded.principals`;

// What one of two windows does not tell is told for the other.
const ADD_SHARE = `
INSERT INTO served_shares (level, at, function, calls, errors, cold, call_seconds, cpu_seconds, individual, control_plane,
  idle, operational, embodied) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (level, at, function) DO UPDATE SET
  calls = calls + excluded.calls,
  errors = errors + excluded.errors,
  cold = cold + excluded.cold,
  call_seconds = call_seconds + excluded.call_seconds,
  cpu_seconds = coalesce(cpu_seconds + excluded.cpu_seconds, cpu_seconds, excluded.cpu_seconds),
  individual = individual + excluded.individual,
  control_plane = control_plane + excluded.control_plane,
  idle = idle + excluded.idle,
  operational = operational + excluded.operational,
  embodied = coalesce(embodied + excluded.embodied, embodied, excluded.embodied)`;

function checkWindow(window: FootprintWindow): void {
  const refuse = (what: string): never => {
    throw new WattloopError(ErrorCode.badInput, `a window of the account can't be kept: ${what}`);
  };
  const { functions, principalJoules, ...own } = window;
  for (const [name, value] of [...Object.entries(own), ...Object.entries(principalJoules)])
    if (!Number.isFinite(value)) refuse(`${name} is ${value}`);
  if (window.to <= window.from) refuse(`it ends at ${window.to} and begins at ${window.from}`);
  for (const { function: name, ...figures } of functions)
    for (const [figure, value] of Object.entries(figures))
      if (value !== undefined && !Number.isFinite(value)) refuse(`${figure} of ${name} is ${value}`);
}

/**
 * Windows are added up as they come, to the minute, the hour and the day in which their middle lies. So nothing is left to be
 * rolled up later: keeping less is leaving out rows, and what is kept is right at any moment.
 */
export class WindowTable {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  /** Part of a transaction. */
  add(window: FootprintWindow): void {
    checkWindow(window);
    for (const level of LEVELS) {
      const at = floorTo((window.from + window.to) / 2, level);
      this.#addWindow(level, at, window);
      for (const share of window.functions) this.#addShare(level, at, window, share);
    }
  }

  #addWindow(level: Level, at: number, window: FootprintWindow): void {
    const seconds = window.to - window.from;
    const total = (figure: (each: FunctionWindow) => number): number =>
      window.functions.reduce((sum, each) => sum + figure(each), 0);
    this.#connection.run(
      ADD_WINDOW,
      level,
      at,
      window.from,
      window.to,
      seconds,
      window.measuredJoules,
      window.individualJoules,
      window.controlPlaneJoules,
      window.idleJoules,
      window.unattributedJoules,
      total((each) => each.calls),
      total((each) => each.errors),
      total((each) => each.cold),
      total((each) => each.callSeconds),
      window.gramsPerKilowattHour * window.measuredJoules,
      window.gramsPerKilowattHour * seconds,
      JSON.stringify(this.#principals(level, at, window)),
    );
  }

  /** The joules of shared principals together with those that are there. */
  #principals(level: Level, at: number, window: FootprintWindow): Record<string, number> {
    const sql = 'SELECT principals FROM served_windows WHERE level = ? AND at = ?';
    const [row] = this.#connection.rows(sql, level, at);
    const sum = row === undefined ? {} : fromJson<Record<string, number>>(text(row, 'principals'), sql);
    for (const [name, joules] of Object.entries(window.principalJoules))
      sum[name] = (sum[name] ?? 0) + joules;
    return sum;
  }

  #addShare(level: Level, at: number, window: FootprintWindow, share: FunctionWindow): void {
    this.#connection.run(
      ADD_SHARE,
      level,
      at,
      this.#names.keyOf('function', share.function, window.to),
      share.calls,
      share.errors,
      share.cold,
      share.callSeconds,
      share.cpuSeconds ?? null,
      share.individualJoules,
      share.controlPlaneJoules,
      share.idleJoules,
      share.operationalGrams,
      share.embodiedGrams ?? null,
    );
  }
}
