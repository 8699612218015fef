import type { ShuffleKey } from './input-part.js';

/**
 * The hash of a shuffle's key: 32-bit FNV-1a over a byte that names the type, then over the UTF-16 units of a string, the
 * decimal digits of a bigint, or the two halves (low first) of a number's IEEE 754 bits; last the finalizer of MurmurHash3,
 * as buckets are a remainder and FNV's low bits alone are poor. It depends on nothing but the key: not on the process, the
 * machine or its byte order. Keys that are one key in a Map have one hash (0 and -0, NaN and NaN); others are kept apart as
 * there (1, '1', 1n and true).
 */
const PRIME = 0x01000193;
const OFFSET = 0x811c9dc5;
const TYPE_TAGS = { string: 1, number: 2, bigint: 3, boolean: 4, undefined: 5, null: 6 } as const;

const bits = new DataView(new ArrayBuffer(8));
const step = (hash: number, unit: number): number => Math.imul(hash ^ unit, PRIME);

function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = step(hash, text.charCodeAt(index));
  return hash;
}

function hashNumber(seed: number, value: number): number {
  // A NaN has many bit patterns, and -0 is the key that 0 is.
  bits.setFloat64(0, Number.isNaN(value) ? Number.NaN : value + 0, true);
  return step(step(seed, bits.getInt32(0, true)), bits.getInt32(4, true));
}

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Undefined for what can be no key: it has no value that another could equal. */
export function hashOfKey(key: ShuffleKey): number | undefined {
  if (key === null) return finish(step(OFFSET, TYPE_TAGS.null));
  switch (typeof key) {
    case 'string':
      return finish(hashText(step(OFFSET, TYPE_TAGS.string), key));
    case 'number':
      return finish(hashNumber(step(OFFSET, TYPE_TAGS.number), key));
    case 'bigint':
      return finish(hashText(step(OFFSET, TYPE_TAGS.bigint), String(key)));
    case 'boolean':
      return finish(step(step(OFFSET, TYPE_TAGS.boolean), key ? 1 : 0));
    case 'undefined':
      return finish(step(OFFSET, TYPE_TAGS.undefined));
    default:
      return undefined;
  }
}
