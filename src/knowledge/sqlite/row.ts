import { ErrorCode, WattloopError } from '../../base/index.js';

/** A row as the database gives it, by column. */
export type Row = Readonly<Record<string, string | number | ArrayBuffer | null>>;

function unexpected(column: string, value: unknown): WattloopError {
  return new WattloopError(
    ErrorCode.knowledgeFailed,
    `the knowledge base holds ${value === null ? 'nothing' : `a ${typeof value}`} in column "${column}"`,
    { remedy: 'Something else than Wattloop wrote it: look at the row with sqlite3' },
  );
}

export function textOrNone(row: Row, column: string): string | undefined {
  const value = row[column];
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string') throw unexpected(column, value);
  return value;
}

export function text(row: Row, column: string): string {
  const value = textOrNone(row, column);
  if (value === undefined) throw unexpected(column, null);
  return value;
}

export function numberOrNone(row: Row, column: string): number | undefined {
  const value = row[column];
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'number') throw unexpected(column, value);
  return value;
}

export function number(row: Row, column: string): number {
  const value = numberOrNone(row, column);
  if (value === undefined) throw unexpected(column, null);
  return value;
}

export function bytes(row: Row, column: string): ArrayBuffer {
  const value = row[column];
  if (!(value instanceof ArrayBuffer)) throw unexpected(column, value);
  return value;
}

/** A column that holds one of few words. */
export function oneOf<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = text(row, column);
  const word = words.find((each) => each === value);
  if (word === undefined) throw unexpected(column, value);
  return word;
}
