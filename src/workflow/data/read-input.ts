import { ErrorCode, WattloopError } from '../../base/index.js';
import { inParallel } from './in-parallel.js';
import type { InputPart } from './input-part.js';
import { joined } from './joined.js';
import { openObject, type Stores } from './open-object.js';
import { type CountBytes, PartitionReader } from './partition-reader.js';
import { readChunk } from './read-chunk.js';

/** Reads what one invocation gets for one of its inputs. `count` is told of the bytes that come from storage. */
export async function readInput(
  part: InputPart,
  stores: Stores,
  count: CountBytes = () => {},
  signal?: AbortSignal,
): Promise<unknown> {
  const reader = new PartitionReader(stores.run, count, signal);
  switch (part.kind) {
    case 'value':
      return part.value;
    case 'range':
      return Array.from({ length: part.count }, (_, index) => part.start + index * part.step);
    case 'partition':
      return reader.whole(part.key);
    case 'partitions':
      return inParallel(part.keys, (key) => reader.whole(key));
    case 'slices':
      return joined(await inParallel(part.slices, ({ key, from, to }) => reader.slice(key, from, to)));
    case 'bucket':
      return joined(await inParallel(part.keys, (key) => reader.bucket(key, part.shuffle, part.bucket)));
    case 'chunk':
      return readChunk(part, await openObject(part.place, stores, signal), count);
    case 'objects':
      return inParallel(part.places, async ({ name, ...place }) => {
        const object = await openObject(place, stores, signal);
        const sizeBytes = await object.sizeBytes();
        if (sizeBytes === undefined)
          throw new WattloopError(ErrorCode.notFound, `there is no ${object.address} any more`);
        const bytes = await object.read(0, sizeBytes);
        count(bytes.length);
        return { name, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
      });
  }
}
