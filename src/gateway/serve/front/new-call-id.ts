import { randomFillSync } from 'node:crypto';

const DIGITS = Buffer.from('0123456789abcdef');
const RANDOM = Buffer.alloc(4_096);
const TEXT = Buffer.alloc(36, '-');
const BYTES = 16;
/** Bytes before which a hyphen stands. */
const GROUPS: ReadonlySet<number> = new Set([4, 6, 8, 10]);

let used = RANDOM.length;

/**
 * A random UUID in one piece of memory. The text that `crypto.randomUUID` gives is a rope of twenty pieces: where thousands of
 * them wait for the account, following these at every collection of garbage costs a call more than all else that the account
 * does with it.
 */
export function newCallId(): string {
  if (used === RANDOM.length) {
    randomFillSync(RANDOM);
    used = 0;
  }
  let to = 0;
  for (let index = 0; index < BYTES; index++) {
    let byte = RANDOM[used++] ?? 0;
    // Version 4, variant 1.
    if (index === 6) byte = (byte & 0x0f) | 0x40;
    else if (index === 8) byte = (byte & 0x3f) | 0x80;
    if (GROUPS.has(index)) to++;
    TEXT[to++] = DIGITS[byte >> 4] ?? 0;
    TEXT[to++] = DIGITS[byte & 0x0f] ?? 0;
  }
  return TEXT.toString('latin1');
}
