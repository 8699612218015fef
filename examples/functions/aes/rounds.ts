import { createCipheriv, createHash } from 'node:crypto';

const ALGORITHM = 'aes-256-ctr';
const BLOCK_BYTES = 16;

/** Encrypts again and again what came out before, in AES-256 with a counter. */
export function encryptRounds(plain: Uint8Array, key: Uint8Array, rounds: number): Buffer {
  const counter = Buffer.alloc(BLOCK_BYTES);
  let bytes = Buffer.from(plain);
  for (let round = 0; round < rounds; round++) {
    // The same counter twice would undo what the round before did.
    counter.writeUInt32BE(round, 0);
    const cipher = createCipheriv(ALGORITHM, key, counter);
    bytes = Buffer.concat([cipher.update(bytes), cipher.final()]);
  }
  return bytes;
}

/** 32 bytes that a number settles. */
export const keyOf = (seed: number): Buffer => createHash('sha256').update(`key ${seed}`).digest();
