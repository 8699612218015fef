const TWO_TO_32 = 0x1_0000_0000;
/** A writer is done within a microsecond; more rounds than this mean that it never will be. */
const ROUNDS = 1_000;

/**
 * Little-endian memory that the kernel writes, by 64-bit words. Numbers are exact up to 2^53 (as nanoseconds: 104 days);
 * beyond that they are off by a nanosecond or two, which differences of amounts bear and keys don't: `big` is for those.
 */
export class Words {
  readonly #halves: Uint32Array;

  constructor(buffer: ArrayBufferLike, byteOffset = 0, byteLength = buffer.byteLength - byteOffset) {
    this.#halves = new Uint32Array(buffer, byteOffset, byteLength >>> 2);
  }

  static of(buffer: Buffer): Words {
    return new Words(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  number(word: number): number {
    return (this.#halves[word * 2] ?? 0) + (this.#halves[word * 2 + 1] ?? 0) * TWO_TO_32;
  }

  big(word: number): bigint {
    return BigInt(this.#halves[word * 2] ?? 0) | (BigInt(this.#halves[word * 2 + 1] ?? 0) << 32n);
  }

  /** One half of a word: 0 the lower, 1 the upper. */
  half(word: number, half: 0 | 1): number {
    return this.#halves[word * 2 + half] ?? 0;
  }

  setHalf(word: number, half: 0 | 1, value: number): void {
    this.#halves[word * 2 + half] = value;
  }

  set(word: number, value: bigint): void {
    this.#halves[word * 2] = Number(value & 0xffff_ffffn);
    this.#halves[word * 2 + 1] = Number(value >> 32n);
  }

  /** Lower half, read from memory anew each time: for sequences. */
  fresh(word: number): number {
    return Atomics.load(this.#halves, word * 2);
  }

  /**
   * Reads what the kernel may be writing: again and again until none of the sequences (odd while one writes) has moved
   * meanwhile.
   */
  consistent<T>(sequences: readonly number[], read: () => T): T {
    for (let round = 0; ; round++) {
      let before = 0;
      let writing = 0;
      for (const word of sequences) {
        const value = this.fresh(word);
        before += value;
        writing |= value & 1;
      }
      const result = read();
      let after = 0;
      for (const word of sequences) after += this.fresh(word);
      if ((before === after && writing === 0) || round === ROUNDS) return result;
    }
  }
}
