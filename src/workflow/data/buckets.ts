import { ErrorCode, WattloopError } from '../../base/index.js';
import type { ShuffleOutput } from './input-part.js';
import { hashOfKey } from './key-hash.js';
import type { Table } from './partition-format.js';
import { serialise } from './serialise.js';

const NOTHING = new Uint8Array(0);

/** The elements of a list by the bucket of their keys, in the order in which they were. */
export function bucketTable(list: readonly unknown[], shuffle: ShuffleOutput, where: string): Table {
  const buckets: unknown[][] = Array.from({ length: shuffle.buckets }, () => []);
  list.forEach((element, index) => {
    const key = shuffle.key(element);
    const hash = hashOfKey(key);
    if (hash === undefined) {
      throw new WattloopError(
        ErrorCode.badInput,
        `${where === '' ? '' : `${where}: `}the key of shuffle "${shuffle.name}" is ${typeof key === 'object' ? 'an object' : `a ${typeof key}`} for result[${index}]`,
        { remedy: 'A key is a string, a number, a boolean, a bigint, null or undefined' },
      );
    }
    buckets[hash % shuffle.buckets]?.push(element);
  });
  return {
    name: shuffle.name,
    segments: buckets.map((elements) => ({
      elements: elements.length,
      bytes: elements.length === 0 ? NOTHING : serialise(elements, where),
    })),
  };
}
