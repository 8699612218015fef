import { Transform, type TransformCallback } from 'node:stream';

/** A body whose length nobody told: counted as it passes, and ended when it is too large. */
export class LimitedBody extends Transform {
  bytes = 0;
  readonly #most: number;
  readonly #tooLarge: () => void;

  constructor(most: number, tooLarge: () => void) {
    super();
    this.#most = most;
    this.#tooLarge = tooLarge;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes <= this.#most) {
      callback(null, chunk);
      return;
    }
    this.#tooLarge();
    callback(new Error('the body is too large'));
  }
}
