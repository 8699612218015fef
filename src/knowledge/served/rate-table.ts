import type { AccountedCall } from '../../model/index.js';
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
  add(calls: readonly AccountedCall[]): void {
    const seconds = new Map<number, Map<string, Rate>>();
    for (const call of calls) {
      const at = Math.floor(call.endedAt);
      let rates = seconds.get(at);
      if (rates === undefined) {
        rates = new Map();
        seconds.set(at, rates);
      }
      let rate = rates.get(call.function);
      if (rate === undefined) {
        rate = { calls: 0, errors: 0, cold: 0, callSeconds: 0, joules: null };
        rates.set(call.function, rate);
      }
      rate.calls++;
      if (call.status !== 'done') rate.errors++;
      if (call.cold) rate.cold++;
      rate.callSeconds += call.endedAt - call.startedAt;
      if (call.energy !== undefined) rate.joules = (rate.joules ?? 0) + call.energy.joules;
    }
    for (const [at, rates] of seconds)
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
