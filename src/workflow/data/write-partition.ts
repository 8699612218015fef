import { ErrorCode, WattloopError } from '../../base/index.js';
import type { ObjectStore } from '../../storage/index.js';
import { bucketTable } from './buckets.js';
import type { ShuffleOutput } from './input-part.js';
import { listBlocks } from './list-blocks.js';
import { encodePartition, type PartitionKind, type Table } from './partition-format.js';
import { serialise } from './serialise.js';

/** Objects of more go to the store piece by piece, so that they need not be in memory twice. */
const AT_ONCE_BYTES = 4 * 1024 * 1024;

export interface WritePartitionOptions {
  /** Those that read the stage by a shuffle. The value must be a list then. */
  readonly shuffles?: readonly ShuffleOutput[];
  /** Whose value it is, for errors: `stage "sample", partition 3`. */
  readonly where?: string;
  readonly signal?: AbortSignal;
}

export interface WrittenPartition {
  readonly bytes: number;
  /** How many there are, where the value is a list. */
  readonly elements?: number;
}

function kindOf(value: unknown): PartitionKind {
  if (Array.isArray(value)) return 'list';
  if (Buffer.isBuffer(value)) return 'buffer';
  return value instanceof Uint8Array ? 'bytes' : 'value';
}

function content(value: unknown, where: string): Table {
  if (Array.isArray(value)) return { name: '', segments: listBlocks(value, where) };
  const bytes = value instanceof Uint8Array ? value : serialise(value, where);
  return { name: '', segments: [{ elements: 0, bytes }] };
}

function shuffleTables(value: unknown, shuffles: readonly ShuffleOutput[], where: string): Table[] {
  return shuffles.map((shuffle) => {
    if (Array.isArray(value)) return bucketTable(value, shuffle, where);
    throw new WattloopError(
      ErrorCode.badInput,
      `${where === '' ? '' : `${where}: `}the result is ${describeValue(value)}; a shuffle needs a list`,
      { remedy: 'Return an array of the elements that are to be shuffled' },
    );
  });
}

/** What a value is, for messages: `a number`. */
function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return /^[AEIO]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** Writes what a stage's function returned as one object, from which others read all, some elements, or a bucket. */
export async function writePartition(
  store: ObjectStore,
  key: string,
  value: unknown,
  options: WritePartitionOptions = {},
): Promise<WrittenPartition> {
  const { shuffles = [], where = '', signal } = options;
  const tables = [content(value, where), ...shuffleTables(value, shuffles, where)];
  const { pieces, bytes } = encodePartition(kindOf(value), tables);
  const body = bytes <= AT_ONCE_BYTES ? Buffer.concat(pieces, bytes) : inTurn(pieces);
  await store.put(key, body, signal ? { signal } : {});
  return Array.isArray(value) ? { bytes, elements: value.length } : { bytes };
}

async function* inTurn(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
