import { ErrorCode, WattloopError } from '../../base/index.js';
import type { ByteRange } from '../object-store.js';

/** Refuses what is no range of bytes, with the code `bad_input`. */
export function checkRange(range: ByteRange | undefined): void {
  if (range === undefined) return;
  const { start, end = start } = range;
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start) return;
  throw new WattloopError(
    ErrorCode.badInput,
    `No range of bytes: from ${start} to ${range.end ?? 'the end'}`,
    {
      remedy: 'Give whole numbers, the start not below 0 and the end not before the start',
    },
  );
}

export const isEmptyRange = (range: ByteRange | undefined): boolean =>
  range?.end !== undefined && range.end <= range.start;

/** As HTTP writes it: the last byte is in it. */
export const httpRange = ({ start, end }: ByteRange): string =>
  `bytes=${start}-${end === undefined ? '' : end - 1}`;
