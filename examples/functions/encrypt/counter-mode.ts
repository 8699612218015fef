import { encryptBlock, expandKey } from './aes-block.js';

const BLOCK_BYTES = 16;

export interface Encrypted {
  readonly bytes: Uint8Array;
  /** Blocks that went through the cipher. */
  readonly operations: number;
}

/** Adds one to a number of sixteen bytes. */
function increment(counter: Uint8Array): void {
  for (let at = BLOCK_BYTES - 1; at >= 0; at--) {
    counter[at] = ((counter[at] ?? 0) + 1) & 0xff;
    if (counter[at] !== 0) return;
  }
}

/** AES with a counter: what decrypts is the same as what encrypts. */
export function encryptWithCounter(plain: Uint8Array, key: Uint8Array, start: Uint8Array): Encrypted {
  const keys = expandKey(key);
  const counter = Uint8Array.from(start);
  const bytes = new Uint8Array(plain.length);
  let operations = 0;
  for (let from = 0; from < plain.length; from += BLOCK_BYTES) {
    const block = Uint8Array.from(counter);
    encryptBlock(block, keys);
    operations++;
    increment(counter);
    const until = Math.min(BLOCK_BYTES, plain.length - from);
    for (let at = 0; at < until; at++) bytes[from + at] = (plain[from + at] ?? 0) ^ (block[at] ?? 0);
  }
  return { bytes, operations };
}
