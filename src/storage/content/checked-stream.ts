import { finished, type Readable, Transform } from 'node:stream';
import { cancelled } from './body.js';
import { crc32c, crc32cHex } from './crc32c.js';
import { joined } from './parts.js';

export interface Checks {
  /** The checksum that the content must have, in hexadecimal; not computed when there is none to compare with. */
  readonly crc32c?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What a failure of the source is for whoever reads. */
  readonly failed: (error: unknown) => Error;
  readonly mismatch: (expected: string, found: string) => Error;
}

/** The source, whose failures become ours and whose checksum is compared at the end; it goes with whoever reads it. */
export function checkedStream(source: Readable, checks: Checks): Readable {
  const { crc32c: expected, signal, failed, mismatch } = checks;
  let sum = 0;
  const out = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      if (expected !== undefined) sum = crc32c(chunk, sum);
      done(null, chunk);
    },
    flush(done) {
      const found = crc32cHex(sum);
      done(expected === undefined || found === expected ? null : mismatch(expected, found));
    },
  });
  const abort = (): void => void out.destroy(signal && cancelled(signal));
  signal?.addEventListener('abort', abort, { once: true });
  finished(source, { writable: false }, (error) => {
    if (error) out.destroy(failed(error));
  });
  out.once('close', () => {
    signal?.removeEventListener('abort', abort);
    source.destroy();
  });
  if (signal?.aborted) abort();
  return source.pipe(out);
}

/** All that a stream gives, as one. */
export async function collect(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return joined(chunks);
}
