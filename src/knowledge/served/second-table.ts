import { ErrorCode, WattloopError } from '../../base/index.js';
import type { NodeSecond } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { fromJson } from '../sqlite/json.js';
import { number, numberOrNone, type Row, text } from '../sqlite/row.js';
import { fromMicros, toMicros } from './micros.js';
import type { Names } from './names.js';

// A row that is told again replaces itself.
const INSERT = `INSERT OR REPLACE INTO served_seconds (key, seconds, watts, cpu_watts, idle_watts, cpu_seconds)
  VALUES (?, ?, ?, ?, ?, ?)`;
const SELECT = 'SELECT * FROM served_seconds WHERE key >= ? AND key < ? ORDER BY key';

function checkSecond({ cpuSeconds, ...own }: NodeSecond): void {
  for (const [name, value] of [...Object.entries(own), ...Object.entries(cpuSeconds)])
    if (value !== undefined && !Number.isFinite(value))
      throw new WattloopError(
        ErrorCode.badInput,
        `a second of the machine can't be kept: ${name} is ${value}`,
      );
}

/** Ticks of the machine, by the microsecond of their end. */
export class SecondTable {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  /** Part of a transaction. */
  insert(rows: readonly NodeSecond[]): void {
    for (const row of rows) {
      checkSecond(row);
      // Keys and figures one after the other: with a thousand functions the names would take most of the room.
      const usage = Object.entries(row.cpuSeconds).flatMap(([principal, seconds]) => [
        this.#names.keyOf('principal', principal, row.at),
        seconds,
      ]);
      this.#connection.run(
        INSERT,
        toMicros(row.at),
        row.seconds,
        row.watts ?? null,
        row.cpuWatts ?? null,
        row.idleWatts ?? null,
        JSON.stringify(usage),
      );
    }
  }

  select(from: number, to: number): NodeSecond[] {
    return this.#connection.rows(SELECT, toMicros(from), toMicros(to)).map((row) => this.#decode(row));
  }

  #decode(row: Row): NodeSecond {
    const usage = fromJson<readonly number[]>(text(row, 'cpu_seconds'), 'a second of the machine');
    const cpuSeconds: Record<string, number> = {};
    for (let index = 0; index + 1 < usage.length; index += 2)
      cpuSeconds[this.#names.nameOf(usage[index] ?? 0)] = usage[index + 1] ?? 0;
    const watts = numberOrNone(row, 'watts');
    const cpuWatts = numberOrNone(row, 'cpu_watts');
    const idleWatts = numberOrNone(row, 'idle_watts');
    return {
      at: fromMicros(number(row, 'key')),
      seconds: number(row, 'seconds'),
      ...(watts !== undefined && { watts }),
      ...(cpuWatts !== undefined && { cpuWatts }),
      ...(idleWatts !== undefined && { idleWatts }),
      cpuSeconds,
    };
  }
}
