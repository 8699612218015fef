const HEADER_BYTES = 8;
const LENGTH_AT = 4;

/**
 * Takes the engine's stream of output apart: each piece is preceded by a byte that says stdout or stderr, three of zero, and
 * its length in four. Pieces come cut as the socket likes.
 */
export class OutputFrames {
  readonly #take: (piece: Uint8Array) => void;
  #header = Buffer.alloc(0);
  #left = 0;

  constructor(take: (piece: Uint8Array) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left > 0) {
        const piece = rest.subarray(0, this.#left);
        this.#left -= piece.length;
        rest = rest.subarray(piece.length);
        this.#take(piece);
        continue;
      }
      const missing = HEADER_BYTES - this.#header.length;
      this.#header = Buffer.concat([this.#header, rest.subarray(0, missing)]);
      rest = rest.subarray(Math.min(missing, rest.length));
      if (this.#header.length < HEADER_BYTES) return;
      this.#left = this.#header.readUInt32BE(LENGTH_AT);
      this.#header = Buffer.alloc(0);
    }
  }
}
