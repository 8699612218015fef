/** Keeps the end of what is written, and no more of it than a limit. */
export class Tail {
  readonly #limitBytes: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    while (this.#bytes - (this.#pieces[0]?.length ?? 0) >= this.#limitBytes) {
      this.#bytes -= this.#pieces.shift()?.length ?? 0;
    }
  }

  /** The last lines, without a first one that is cut. */
  lines(count: number): string[] {
    return Buffer.concat(this.#pieces)
      .subarray(-this.#limitBytes)
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .slice(-count);
  }
}
