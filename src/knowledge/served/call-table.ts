import { CALL_STATUSES, type CallColumns, type CallStatus } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { packCalls } from './call-block.js';
import type { Names } from './names.js';

const INSERT = `INSERT INTO served_calls (first, last, calls, statuses, about, columns) VALUES (?, ?, ?, ?, ?, ?)
  RETURNING key`;
const INSERT_CALLER = 'INSERT INTO served_callers (function, last, block, statuses) VALUES (?, ?, ?, ?)';

/** Calls of one block at most: reading one call reads its block. */
const MOST_CALLS = 2_000;

/** The bits of some statuses; of all, where none is named. */
export const statusBits = (status?: CallStatus): number =>
  status === undefined ? 2 ** CALL_STATUSES.length - 1 : 1 << CALL_STATUSES.indexOf(status);

/** Blocks of calls, each with the functions that it has calls of. Whoever writes little at a time makes small blocks. */
export class CallTable {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  /** Part of a transaction. */
  insert(calls: CallColumns): void {
    for (let from = 0; from < calls.length; from += MOST_CALLS)
      this.#insertBlock(calls.slice(from, from + MOST_CALLS));
  }

  #insertBlock(some: CallColumns): void {
    const { about, bytes, ended, calls } = packCalls(some);
    const [first, last] = [ended[0] ?? 0, ended.at(-1) ?? 0];
    const statuses = statusesByFunction(calls);
    const all = [...statuses.values()].reduce((bits, each) => bits | each, 0);
    const key = this.#connection.integer(INSERT, first, last, calls.length, all, about, bytes) ?? 0;
    const at = calls.numbers.endedAt[calls.length - 1] ?? 0;
    for (const [name, bits] of statuses)
      this.#connection.run(INSERT_CALLER, this.#names.keyOf('function', name, at), last, key, bits);
  }
}

function statusesByFunction({ origins, numbers, length }: CallColumns): Map<string, number> {
  const byOrigin = new Uint32Array(origins.length);
  for (let index = 0; index < length; index++) {
    const origin = numbers.origin[index] ?? 0;
    byOrigin[origin] = (byOrigin[origin] ?? 0) | (1 << (numbers.status[index] ?? 0));
  }
  const byFunction = new Map<string, number>();
  for (const [origin, { function: name }] of origins.entries()) {
    const bits = byOrigin[origin] ?? 0;
    if (bits !== 0) byFunction.set(name, (byFunction.get(name) ?? 0) | bits);
  }
  return byFunction;
}
