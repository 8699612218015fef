import { bodyIn, headersIn, keptCall, numberIn, numberOrNone, textIn, textOrNone } from './call-row.js';
import { Database } from './database.js';
import type { Answered, BegunCall, BegunCallback, KeptCall, NewCall, OpenCall, Postponed } from './kept.js';

/** The calls on disk. Each method is one step within a transaction that the caller makes. */
export class CallStore {
  readonly #database: Database;

  constructor(path: string) {
    this.#database = new Database(path);
  }

  transaction<Result>(work: () => Result): Result {
    return this.#database.transaction(work);
  }

  close(): void {
    this.#database.close();
  }

  /** Its key; undefined when another call has its id. */
  accept(call: NewCall): number | undefined {
    const { id, callback = null, acceptedAt, method, path, query, headers, body } = call;
    const [row] = this.#database.rows(
      `INSERT INTO calls (id, function, callback, phase, accepted_at, due_at, bytes) VALUES (?, ?, ?, 0, ?, ?, ?)
       ON CONFLICT (id) DO NOTHING RETURNING key`,
      ...[id, call.function, callback, acceptedAt, acceptedAt, body.bytes],
    );
    if (row === undefined) return undefined;
    const key = numberIn(row, 'key');
    this.#database.run(
      'INSERT INTO requests (key, method, path, query, headers, body, file, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ...[key, method, path, query, JSON.stringify(headers)],
      ...[body.content ?? null, body.file ?? null, body.bytes],
    );
    return key;
  }

  /** Calls that are not over with keys above this one, the oldest first. */
  open(afterKey: number, limit: number): OpenCall[] {
    const rows = this.#database.rows(
      `SELECT key, function, callback, phase, due_at, bytes FROM calls WHERE phase < 2 AND key > ? ORDER BY key LIMIT ?`,
      ...[afterKey, limit],
    );
    return rows.map((row) => {
      const callback = textOrNone(row, 'callback');
      return {
        key: numberIn(row, 'key'),
        function: textIn(row, 'function'),
        ...(callback !== undefined && { callback }),
        hasAnswer: numberIn(row, 'phase') === 1,
        dueAt: numberIn(row, 'due_at'),
        bytes: numberIn(row, 'bytes'),
      };
    });
  }

  /** Counts an attempt. */
  begin(key: number): BegunCall | undefined {
    const [call] = this.#database.rows(
      `UPDATE calls SET attempts = attempts + 1 WHERE key = ? AND phase = 0
       RETURNING id, function, callback, attempts, failures, accepted_at`,
      key,
    );
    const [request] = this.#database.rows('SELECT * FROM requests WHERE key = ?', key);
    if (call === undefined || request === undefined) return undefined;
    const callback = textOrNone(call, 'callback');
    return {
      id: textIn(call, 'id'),
      function: textIn(call, 'function'),
      ...(callback !== undefined && { callback }),
      attempt: numberIn(call, 'attempts'),
      failures: numberIn(call, 'failures'),
      acceptedAt: numberIn(call, 'accepted_at'),
      method: textIn(request, 'method'),
      path: textIn(request, 'path'),
      query: textIn(request, 'query'),
      headers: headersIn(request),
      body: bodyIn(request),
    };
  }

  postpone(key: number, { dueAt, isFailure, message }: Postponed): void {
    this.#database.run(
      'UPDATE calls SET due_at = ?, failures = failures + ?, message = ? WHERE key = ?',
      ...[dueAt, Number(isFailure), message, key],
    );
  }

  /** The function has answered: its request is needed no longer. */
  answered(key: number, { status, durationSeconds, isGivenUp, message, at, answer }: Answered): void {
    this.#database.run('DELETE FROM requests WHERE key = ?', key);
    this.#database.run(
      `UPDATE calls SET phase = ?, due_at = ?, status = ?, duration_seconds = ?, given_up = ?, message = ?, bytes = ?,
       failures = failures + ?, ended_at = ? WHERE key = ?`,
      ...[
        answer === undefined ? 2 : 1,
        at,
        status,
        durationSeconds ?? null,
        Number(isGivenUp),
        message ?? null,
      ],
      ...[answer?.body.bytes ?? 0, Number(isGivenUp), answer === undefined ? at : null, key],
    );
    if (answer === undefined) return;
    const { headers, failure = null, body } = answer;
    this.#database.run(
      'INSERT INTO answers (key, headers, failure, body, file, bytes) VALUES (?, ?, ?, ?, ?, ?)',
      ...[key, JSON.stringify(headers), failure, body.content ?? null, body.file ?? null, body.bytes],
    );
  }

  /** Counts an attempt to tell the callback address. */
  beginCallback(key: number): BegunCallback | undefined {
    const [call] = this.#database.rows(
      `UPDATE calls SET callback_attempts = callback_attempts + 1 WHERE key = ? AND phase = 1
       RETURNING id, function, callback, status, duration_seconds, given_up, callback_failures`,
      key,
    );
    const [answer] = this.#database.rows('SELECT * FROM answers WHERE key = ?', key);
    if (call === undefined || answer === undefined) return undefined;
    const durationSeconds = numberOrNone(call, 'duration_seconds');
    const failure = textOrNone(answer, 'failure');
    return {
      id: textIn(call, 'id'),
      function: textIn(call, 'function'),
      callback: textIn(call, 'callback'),
      status: numberIn(call, 'status'),
      ...(durationSeconds !== undefined && { durationSeconds }),
      isGivenUp: numberIn(call, 'given_up') === 1,
      ...(failure !== undefined && { failure }),
      failures: numberIn(call, 'callback_failures'),
      headers: headersIn(answer),
      body: bodyIn(answer),
    };
  }

  postponeCallback(key: number, { dueAt, isFailure, message }: Postponed): void {
    this.#database.run(
      'UPDATE calls SET due_at = ?, callback_failures = callback_failures + ?, message = ? WHERE key = ?',
      ...[dueAt, Number(isFailure), message, key],
    );
  }

  /** The callback address knows; or was given up, for the reason in the message. */
  end(key: number, at: number, undelivered: string | undefined): void {
    this.#database.run('DELETE FROM answers WHERE key = ?', key);
    this.#database.run(
      `UPDATE calls SET phase = 2, bytes = 0, ended_at = ?, undelivered = ?, message = coalesce(?, message) WHERE key = ?`,
      ...[at, Number(undelivered !== undefined), undelivered ?? null, key],
    );
  }

  find(id: string): KeptCall | undefined {
    const [row] = this.#database.rows('SELECT * FROM calls WHERE id = ?', id);
    return row && keptCall(row);
  }

  /** Forgets calls that ended before, and the oldest beyond so many; a few at a time. How many it forgot. */
  forget(endedBefore: number, most: number, limit: number): number {
    const old = this.#database.run(
      `DELETE FROM calls WHERE key IN (SELECT key FROM calls WHERE phase = 2 AND ended_at < ? ORDER BY ended_at LIMIT ?)`,
      ...[endedBefore, limit],
    );
    if (old >= limit) return old;
    const [row] = this.#database.rows('SELECT count(*) AS kept FROM calls WHERE phase = 2');
    const beyond = Math.min(row === undefined ? 0 : numberIn(row, 'kept') - most, limit - old);
    if (beyond <= 0) return old;
    return (
      old +
      this.#database.run(
        'DELETE FROM calls WHERE key IN (SELECT key FROM calls WHERE phase = 2 ORDER BY ended_at LIMIT ?)',
        beyond,
      )
    );
  }

  /** Gives empty pages back to the disk, some at a time. How many are left. */
  shrink(pages: number): number {
    this.#database.rows(`PRAGMA incremental_vacuum(${Math.trunc(pages)})`);
    const [row] = this.#database.rows('PRAGMA freelist_count');
    return row === undefined ? 0 : numberIn(row, 'freelist_count');
  }

  /** The files in which bodies of calls are. */
  files(): string[] {
    const rows = this.#database.rows(
      'SELECT file FROM requests WHERE file IS NOT NULL UNION ALL SELECT file FROM answers WHERE file IS NOT NULL',
    );
    return rows.map((row) => textIn(row, 'file'));
  }
}
