import { ErrorCode, messageOf, systemCode, WattloopError } from '../../../errors/index.js';

interface Meaning {
  readonly code: ErrorCode;
  readonly what: string;
  readonly remedy: string;
}

const DAMAGED = (path: string): Meaning => ({
  code: ErrorCode.knowledgeFailed,
  what: 'is damaged or no SQLite database',
  remedy: `Nothing was changed. Move it away to begin without the calls in it, or save what is readable: sqlite3 ${path} .recover | sqlite3 rescued.db`,
});

const DISK: Meaning = {
  code: ErrorCode.writeFailed,
  what: 'could not be read or written: its disk failed',
  remedy: 'Look at the disk and its free space; what was accepted before is kept',
};

const SHUT: Meaning = {
  code: ErrorCode.permissionDenied,
  what: 'could not be opened or may not be written',
  remedy: 'It must be a file that you may read and write; or name another folder with data_dir',
};

/** By SQLite's number of what went wrong. */
const MEANINGS = new Map<number, (path: string) => Meaning>([
  [
    5,
    () => ({
      code: ErrorCode.inUse,
      what: 'is in use by another gateway',
      remedy: 'One gateway serves a data_dir: stop the other one, or name another folder with data_dir',
    }),
  ],
  [8, () => SHUT],
  [10, () => DISK],
  [11, DAMAGED],
  [
    13,
    () => ({ ...DISK, what: 'could not be written: there is no room left', remedy: 'Make room on its disk' }),
  ],
  [14, () => SHUT],
  [26, DAMAGED],
]);

/** What else SQLite tells stands above the lowest eight bits. */
const NUMBER_BITS = 0xff;
/** Errors of opening tell their number in their text alone. */
const OPENING = /^ConnectionFailed\(.*: (\d+)"\)$/;

function numberOf(error: unknown): number | undefined {
  if (typeof error === 'object' && error !== null && 'rawCode' in error && typeof error.rawCode === 'number')
    return error.rawCode & NUMBER_BITS;
  const number = OPENING.exec(messageOf(error))?.[1];
  return number === undefined ? undefined : Number(number) & NUMBER_BITS;
}

/** What a failure of the database means to the gateway's owner. */
export function databaseError(error: unknown, path: string): WattloopError {
  if (error instanceof WattloopError) return error;
  const meaning = MEANINGS.get(numberOf(error) ?? -1)?.(path);
  if (meaning === undefined)
    return new WattloopError(ErrorCode.knowledgeFailed, `${path}: ${messageOf(error)}`, { cause: error });
  const detail = systemCode(error) ?? messageOf(error);
  return new WattloopError(
    meaning.code,
    `the database of asynchronous calls ${path} ${meaning.what} (${detail})`,
    {
      remedy: meaning.remedy,
      cause: error,
    },
  );
}
