import { crc32c, joinCrc32c } from './crc32c.js';

const MIB = 1024 * 1024;

/**
 * How large the part with this index is. Stores take 10,000 parts at most and the length is not known beforehand, so later
 * parts are larger: 8 GiB in small ones, 100 GiB in middle ones, 850 GiB in all.
 */
function partBytes(index: number): number {
  if (index < 1000) return 8 * MIB;
  return index < 4000 ? 32 * MIB : 128 * MIB;
}

export interface Part {
  readonly bytes: Uint8Array;
  readonly crc32c: number;
}

/** What is known of the whole when its last part was given. */
export class Total {
  sizeBytes = 0;
  crc32c = 0;

  add({ bytes, crc32c: sum }: Part): void {
    this.crc32c = joinCrc32c(this.crc32c, sum, bytes.length);
    this.sizeBytes += bytes.length;
  }
}

/**
 * The same bytes, cut into parts, each with its checksum; no part is empty. `accept` sees the total after the last one and
 * may refuse it by throwing, before whoever takes the parts knows that there are no more. Bytes of one chunk are not copied.
 */
export async function* partsOf(
  chunks: AsyncIterable<Uint8Array>,
  total: Total,
  accept: (total: Total) => void,
  bytesOfPart: (index: number) => number = partBytes,
): AsyncGenerator<Part, void, undefined> {
  for await (const bytes of cut(chunks, bytesOfPart)) {
    const part = { bytes, crc32c: crc32c(bytes) };
    total.add(part);
    yield part;
  }
  accept(total);
}

async function* cut(
  chunks: AsyncIterable<Uint8Array>,
  bytesOfPart: (index: number) => number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let index = 0;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  for await (const chunk of chunks) {
    let rest = chunk;
    while (waitingBytes + rest.length >= bytesOfPart(index)) {
      const missing = bytesOfPart(index) - waitingBytes;
      yield joined([...waiting, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      [waiting, waitingBytes] = [[], 0];
      index++;
    }
    if (rest.length === 0) continue;
    waiting.push(rest);
    waitingBytes += rest.length;
  }
  if (waitingBytes > 0) yield joined(waiting);
}

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only, second] = chunks;
  return only !== undefined && second === undefined ? only : Buffer.concat(chunks);
}

export type OneOrMany = { readonly one: Part | undefined } | { readonly many: AsyncIterable<Part> };

/** Looks whether there is more than one part, as a small object is written at once. */
export async function oneOrMany(parts: AsyncGenerator<Part, void, undefined>): Promise<OneOrMany> {
  const first = await parts.next();
  if (first.done) return { one: undefined };
  const second = await parts.next();
  if (second.done) return { one: first.value };
  return { many: again([first.value, second.value], parts) };
}

async function* again(taken: Part[], rest: AsyncGenerator<Part, void, undefined>): AsyncGenerator<Part> {
  try {
    // Let go of what was given, or large objects would stay in memory until their end.
    for (let part = taken.shift(); part !== undefined; part = taken.shift()) yield part;
    yield* rest;
  } finally {
    // Someone who stops early must not leave the source open.
    await rest.return();
  }
}
