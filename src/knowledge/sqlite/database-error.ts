import { ErrorCode, messageOf, systemCode, WattloopError } from '../../base/index.js';

interface Meaning {
  readonly code: ErrorCode;
  readonly what: string;
  readonly remedy: string;
}

const damaged = (path: string): Meaning => ({
  code: ErrorCode.knowledgeFailed,
  what: 'is damaged or no SQLite database',
  remedy: `Nothing was changed. Move it away to begin anew, or save what is readable: sqlite3 ${path} .recover | sqlite3 rescued.db`,
});

/** By what SQLite's codes begin with. */
const MEANINGS: readonly (readonly [string, (path: string) => Meaning])[] = [
  ['SQLITE_NOTADB', damaged],
  ['SQLITE_CORRUPT', damaged],
  [
    'SQLITE_FULL',
    () => ({
      code: ErrorCode.writeFailed,
      what: 'could not be written: there is no room left',
      remedy: 'Make room on its disk; what was written before is kept',
    }),
  ],
  [
    'SQLITE_READONLY',
    () => ({
      code: ErrorCode.permissionDenied,
      what: 'may not be written',
      remedy: 'Get the right to write it and its folder, or name another folder with data_dir',
    }),
  ],
  [
    'SQLITE_CANTOPEN',
    () => ({
      code: ErrorCode.permissionDenied,
      what: 'could not be opened',
      remedy: 'It must be a file that you may read and write, in a folder that you may write to',
    }),
  ],
  [
    'SQLITE_BUSY',
    () => ({
      code: ErrorCode.knowledgeFailed,
      what: 'was kept locked by another process for too long',
      remedy: 'End the program that holds it (fuser shows which), or wait',
    }),
  ],
  [
    'SQLITE_IOERR',
    () => ({
      code: ErrorCode.writeFailed,
      what: 'could not be read or written: its disk failed',
      remedy: 'Look at the disk and its free space; what was written before is kept',
    }),
  ],
];

/** SQLite's numbers; what else it tells stands above the lowest eight bits. */
const NAMES = new Map([
  [5, 'SQLITE_BUSY'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [26, 'SQLITE_NOTADB'],
]);
const NAME_BITS = 0xff;

/** Errors of opening tell their number in their text alone. */
const OPENING = /^ConnectionFailed\(.*: (\d+)"\)$/;

function numberOf(error: unknown): number | undefined {
  if (typeof error === 'object' && error !== null && 'rawCode' in error && typeof error.rawCode === 'number')
    return error.rawCode;
  const number = OPENING.exec(messageOf(error))?.[1];
  return number === undefined ? undefined : Number(number);
}

/** SQLite's name of what went wrong, as `SQLITE_FULL`. */
export function sqliteCode(error: unknown): string | undefined {
  const number = numberOf(error);
  const name = number === undefined ? undefined : NAMES.get(number & NAME_BITS);
  return name ?? systemCode(error);
}

/** What a failure of the database means to its user. */
export function databaseError(error: unknown, path: string): WattloopError {
  if (error instanceof WattloopError) return error;
  const code = sqliteCode(error);
  const meaning = MEANINGS.find(([prefix]) => code?.startsWith(prefix))?.[1](path);
  if (meaning === undefined)
    return new WattloopError(ErrorCode.knowledgeFailed, `${path}: ${messageOf(error)}`, { cause: error });
  const text = `the knowledge base ${path} ${meaning.what} (${messageOf(error)})`;
  return new WattloopError(meaning.code, text, { remedy: meaning.remedy, cause: error });
}
