import { keyOf } from '../aes/rounds.js';
import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { checksum } from '../shared/checksum.js';
import { randomBytes } from '../shared/random.js';
import { encryptWithCounter } from './counter-mode.js';

const COUNTER_BYTES = 16;

/** Encrypts what it is sent, or so many bytes of its own, by an AES written out in TypeScript. */
export default answering((event) => {
  const bytes = amount(event, 'bytes', { usual: 1 << 16, least: 1, most: 1 << 26 });
  const seed = amount(event, 'seed', { usual: 1, least: 0, most: 1e9 });
  const isSent = event.headers['content-type'] === 'application/octet-stream' && event.rawBody !== undefined;
  const plain = isSent && event.rawBody ? event.rawBody : randomBytes(bytes, seed);
  const encrypted = encryptWithCounter(plain, keyOf(seed), new Uint8Array(COUNTER_BYTES));
  if (isSent) return encrypted.bytes;
  return { bytes, checksum: checksum(encrypted.bytes), operations: encrypted.operations };
});
