import { NEWLINE, nextField, unsignedAt } from './bytes.js';

/**
 * Nanoseconds that a thread ran, from the bytes of its schedstat file (its process's: the main thread's alone), or
 * undefined when they are not one. A double holds 104 days to the nanosecond, and is off by two beyond.
 */
export function parseRunNanoseconds(bytes: Buffer, length: number): number | undefined {
  const run = unsignedAt(bytes, 0, length);
  const slices = nextField(bytes, nextField(bytes, 0, length), length);
  return slices < length && bytes[slices] !== NEWLINE ? run : undefined;
}
