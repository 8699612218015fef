import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { OpenObject } from './open-object.js';

/** What is in an object that gzip made. `count` is told of the bytes that were read, which are fewer. */
export async function* decompressed(
  object: OpenObject,
  count: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  const source = await object.stream(0);
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      count(piece.length);
      yield piece;
    }
  };
  const gunzip = createGunzip();
  // An error comes out of gunzip too, to whoever reads it; and one who stops reading ends the pipeline with an error of no interest.
  void pipeline(Readable.from(counted(), { objectMode: false }), gunzip).catch(() => {});
  try {
    for await (const piece of gunzip) yield piece as Buffer;
  } catch (error) {
    throw new WattloopError(
      ErrorCode.badInput,
      `${object.address} can't be decompressed: ${messageOf(error)}`,
      {
        remedy: 'Check that the file is whole',
        cause: error,
      },
    );
  }
}
