import { createHash } from 'node:crypto';
import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { randomBytes } from '../shared/random.js';
import { encryptRounds, keyOf } from './rounds.js';

/** Encrypts so many bytes so many times, by the processor's own instructions for it where it has them. */
export default answering((event) => {
  const bytes = amount(event, 'bytes', { usual: 1 << 20, least: 1, most: 1 << 28 });
  const rounds = amount(event, 'rounds', { usual: 8, least: 1, most: 10_000 });
  const seed = amount(event, 'seed', { usual: 1, least: 0, most: 1e9 });
  const encrypted = encryptRounds(randomBytes(bytes, seed), keyOf(seed), rounds);
  return {
    bytes,
    rounds,
    sha256: createHash('sha256').update(encrypted).digest('hex'),
    operations: bytes * rounds,
  };
});
