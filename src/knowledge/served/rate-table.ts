import { CALL_STATUSES, type CallColumns } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import type { Names } from './names.js';

const ADD = `
INSERT INTO served_rates (at, function, calls, errors, cold, call_seconds, joules) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (at, function) DO UPDATE SET
  calls = calls + excluded.calls,
  errors = errors + excluded.errors,
  cold = cold + excluded.cold,
  call_seconds = call_seconds + excluded.call_seconds,
  joules = coalesce(joules + excluded.joules, joules, excluded.joules)`;

interface Rate {
  calls: number;
  errors: number;
  cold: number;
  callSeconds: number;
  /** Of the calls that tell them. */
  joules: number | null;
}

/** How many calls of each function ended in each second: so that charts need not read the calls. */
export class RateTable {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  /** Part of a transaction. */
  add(calls: CallColumns): void {
    for (const [at, rates] of bySecond(calls))
      for (const [name, { calls: count, errors, cold, callSeconds, joules }] of rates)
        this.#connection.run(
          ADD,
          at,
          this.#names.keyOf('function', name, at),
          count,
          errors,
          cold,
          callSeconds,
          joules,
        );
  }
}

const DONE = CALL_STATUSES.indexOf('done');

function bySecond({ origins, numbers, length }: CallColumns): Map<number, Map<string, Rate>> {
  const { origin, status, cold, startedAt, endedAt, joules } = numbers;
  const seconds = new Map<number, Map<string, Rate>>();
  let second = Number.NaN;
  let rates = new Map<string, Rate>();
  for (let index = 0; index < length; index++) {
    const ended = endedAt[index] ?? 0;
    // Most follow one another in time.
    if (Math.floor(ended) !== second) {
      second = Math.floor(ended);
      rates = seconds.get(second) ?? new Map();
      seconds.set(second, rates);
    }
    const name = origins[origin[index] ?? 0]?.function ?? '';
    let rate = rates.get(name);
    if (rate === undefined) {
      rate = { calls: 0, errors: 0, cold: 0, callSeconds: 0, joules: null };
      rates.set(name, rate);
    }
    rate.calls++;
    if (status[index] !== DONE) rate.errors++;
    if (cold[index] === 1) rate.cold++;
    rate.callSeconds += ended - (startedAt[index] ?? 0);
    const used = joules[index] ?? Number.NaN;
    if (!Number.isNaN(used)) rate.joules = (rate.joules ?? 0) + used;
  }
  return seconds;
}
