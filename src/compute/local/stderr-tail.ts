const KEPT_BYTES = 16_384;

/** The end of what a process wrote to its standard error: why it ended stands there. */
export class StderrTail {
  #kept: Buffer = Buffer.alloc(0);

  write(chunk: Buffer): void {
    const all = Buffer.concat([this.#kept, chunk.subarray(Math.max(0, chunk.length - KEPT_BYTES))]);
    this.#kept = all.subarray(Math.max(0, all.length - KEPT_BYTES));
  }

  get text(): string {
    return this.#kept.toString('utf8').trim();
  }
}
