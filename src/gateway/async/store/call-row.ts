import { ErrorCode, WattloopError } from '../../../errors/index.js';
import type { CallHeaders } from '../call.js';
import type { Row } from './database.js';
import type { KeptBody, KeptCall } from './kept.js';

function unexpected(row: Row, column: string): WattloopError {
  return new WattloopError(
    ErrorCode.knowledgeFailed,
    `the database of asynchronous calls holds ${JSON.stringify(row[column])} in column "${column}"`,
    { remedy: 'Something else than Wattloop wrote it: look at the row with sqlite3' },
  );
}

export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw unexpected(row, column);
  return value;
}

export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw unexpected(row, column);
  return value;
}

export const numberOrNone = (row: Row, column: string): number | undefined =>
  row[column] === null ? undefined : numberIn(row, column);

export const textOrNone = (row: Row, column: string): string | undefined =>
  row[column] === null ? undefined : textIn(row, column);

export function headersIn(row: Row): CallHeaders {
  try {
    return JSON.parse(textIn(row, 'headers')) as CallHeaders;
  } catch {
    throw unexpected(row, 'headers');
  }
}

export function bodyIn(row: Row): KeptBody {
  const content = row.body;
  const file = textOrNone(row, 'file');
  return {
    ...(content instanceof ArrayBuffer && { content: new Uint8Array(content) }),
    ...(file !== undefined && { file }),
    bytes: numberIn(row, 'bytes'),
  };
}

/** A row of the table, for whoever asks for a call. */
export function keptCall(row: Row): KeptCall {
  const [status, durationSeconds] = [numberOrNone(row, 'status'), numberOrNone(row, 'duration_seconds')];
  const [message, endedAt] = [textOrNone(row, 'message'), numberOrNone(row, 'ended_at')];
  return {
    key: numberIn(row, 'key'),
    id: textIn(row, 'id'),
    function: textIn(row, 'function'),
    phase: numberIn(row, 'phase'),
    acceptedAt: numberIn(row, 'accepted_at'),
    attempts: numberIn(row, 'attempts'),
    failures: numberIn(row, 'failures'),
    callbackAttempts: numberIn(row, 'callback_attempts'),
    ...(status !== undefined && { status }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    isGivenUp: numberIn(row, 'given_up') === 1,
    isUndelivered: numberIn(row, 'undelivered') === 1,
    ...(message !== undefined && { message }),
    ...(endedAt !== undefined && { endedAt }),
  };
}
