import { Mapping, pageBytes } from '../native/mapping.js';

const BUSY = 0x8000_0000;
const DISCARDED = 0x4000_0000;
const HEADER_BYTES = 8;

/** The consumer's end of a BPF ring buffer: records are read where the kernel wrote them, without a system call. */
export class Ring {
  readonly #bytes: number;
  readonly #consumerMapping: Mapping;
  readonly #producerMapping: Mapping;
  readonly #consumer: BigUint64Array;
  readonly #producer: BigUint64Array;
  readonly #data: Buffer;
  readonly #lengths: Uint32Array;

  constructor(descriptor: number, bytes: number) {
    const page = pageBytes();
    this.#bytes = bytes;
    this.#consumerMapping = new Mapping(descriptor, 0, page, true);
    // The kernel maps the data twice in a row, so that no record is ever cut in two.
    this.#producerMapping = new Mapping(descriptor, page, page + 2 * bytes, false);
    this.#consumer = new BigUint64Array(this.#consumerMapping.buffer, 0, 1);
    this.#producer = new BigUint64Array(this.#producerMapping.buffer, 0, 1);
    this.#data = Buffer.from(this.#producerMapping.buffer, page, 2 * bytes);
    this.#lengths = new Uint32Array(this.#producerMapping.buffer, page, bytes >>> 1);
  }

  /** Hands over every finished record and frees its place. A record is valid during the call only. */
  drain(take: (record: Buffer) => void): void {
    let at = Number(Atomics.load(this.#consumer, 0));
    const end = Number(Atomics.load(this.#producer, 0));
    while (at < end) {
      const offset = at % this.#bytes;
      const header = Atomics.load(this.#lengths, offset >>> 2);
      if (header & BUSY) break;
      const length = (header & ~DISCARDED) >>> 0;
      const start = offset + HEADER_BYTES;
      if (!(header & DISCARDED)) take(this.#data.subarray(start, start + length));
      at += HEADER_BYTES + Math.ceil(length / 8) * 8;
      Atomics.store(this.#consumer, 0, BigInt(at));
    }
  }

  close(): void {
    this.#consumerMapping.close();
    this.#producerMapping.close();
  }
}
