import { crc32 } from 'node:zlib';
import { ErrorCode, WattloopError } from '../../base/index.js';

/**
 * A partition as an object: a header, an index, then segments of bytes one after another.
 *
 *     header   "WLPART" | version u8 | kind u8 | bytes of the index u32 | its CRC-32 u32 | bytes of the object f64
 *     index    tables: bytes of the name u16 | segments u32 | name | for each segment: elements u32 | CRC-32 u32 | bytes f64
 *
 * All numbers have their low byte first. The first table, without a name, is the value itself: one segment, or the blocks
 * of a long list. Each further one is a shuffle: one segment a bucket, empty where nothing goes there. The index stands
 * first, so that one request for the first bytes brings it, and with it all of a small partition.
 */
const MAGIC = Buffer.from('WLPART');
const FORMAT_VERSION = 1;
export const HEADER_BYTES = 24;
const SEGMENT_BYTES = 16;
const TABLE_BYTES = 6;

const KINDS = ['value', 'list', 'bytes', 'buffer'] as const;
export type PartitionKind = (typeof KINDS)[number];

export interface Segment {
  readonly elements: number;
  readonly bytes: Uint8Array;
}

export interface Table {
  readonly name: string;
  readonly segments: readonly Segment[];
}

export interface SegmentEntry {
  readonly elements: number;
  readonly crc: number;
  readonly start: number;
  readonly end: number;
}

export interface PartitionIndex {
  readonly kind: PartitionKind;
  readonly objectBytes: number;
  readonly tables: ReadonlyMap<string, readonly SegmentEntry[]>;
}

/** The bytes of a partition, in pieces that are to be written one after another. */
export function encodePartition(
  kind: PartitionKind,
  tables: readonly Table[],
): { pieces: Uint8Array[]; bytes: number } {
  const names = tables.map(({ name }) => Buffer.from(name));
  let indexBytes = 0;
  tables.forEach(({ segments }, index) => {
    indexBytes += TABLE_BYTES + (names[index]?.length ?? 0) + segments.length * SEGMENT_BYTES;
  });
  const head = Buffer.allocUnsafe(HEADER_BYTES + indexBytes);
  const pieces: Uint8Array[] = [head];
  let at = HEADER_BYTES;
  let bytes = head.length;
  tables.forEach(({ segments }, index) => {
    const name = names[index] ?? Buffer.alloc(0);
    at = head.writeUInt16LE(name.length, at);
    at = head.writeUInt32LE(segments.length, at);
    at += name.copy(head, at);
    for (const segment of segments) {
      at = head.writeUInt32LE(segment.elements, at);
      at = head.writeUInt32LE(crc32(segment.bytes), at);
      at = head.writeDoubleLE(segment.bytes.length, at);
      bytes += segment.bytes.length;
      if (segment.bytes.length > 0) pieces.push(segment.bytes);
    }
  });
  MAGIC.copy(head, 0);
  head[6] = FORMAT_VERSION;
  head[7] = KINDS.indexOf(kind);
  head.writeUInt32LE(indexBytes, 8);
  head.writeUInt32LE(crc32(head.subarray(HEADER_BYTES)), 12);
  head.writeDoubleLE(bytes, 16);
  return { pieces, bytes };
}

/** The error of an object that is not what was written. */
export const damaged = (key: string, how: string, cause?: unknown): WattloopError =>
  new WattloopError(ErrorCode.storageFailed, `object ${key} ${how}`, {
    remedy: 'Run the stage that wrote it again',
    ...(cause === undefined ? {} : { cause }),
  });

/** How many bytes header and index have together, from the first bytes of an object. */
export function headBytes(key: string, first: Buffer): number {
  if (first.length < HEADER_BYTES) throw damaged(key, `is truncated: it has ${first.length} bytes`);
  if (!first.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged(key, 'is no partition of a stage');
  if (first[6] !== FORMAT_VERSION) {
    throw new WattloopError(
      ErrorCode.storageFailed,
      `object ${key} is in version ${first[6]} of the format of partitions; this Wattloop reads version ${FORMAT_VERSION}`,
      { remedy: 'Use the Wattloop that wrote it, or run the stage again' },
    );
  }
  return HEADER_BYTES + first.readUInt32LE(8);
}

/** Header and index, from as many bytes as `headBytes` told. */
export function decodeIndex(key: string, head: Buffer): PartitionIndex {
  const size = headBytes(key, head);
  if (head.length < size)
    throw damaged(key, `is truncated: it ends within its index, after ${head.length} bytes`);
  const index = head.subarray(HEADER_BYTES, size);
  const kind = KINDS[head[7] ?? -1];
  if (crc32(index) !== head.readUInt32LE(12) || kind === undefined)
    throw damaged(key, 'is damaged: its index is not what was written');
  const tables = new Map<string, readonly SegmentEntry[]>();
  let start = size;
  for (let at = 0; at < index.length; ) {
    const nameBytes = index.readUInt16LE(at);
    const count = index.readUInt32LE(at + 2);
    at += TABLE_BYTES;
    const name = index.toString('utf8', at, at + nameBytes);
    at += nameBytes;
    const entries: SegmentEntry[] = [];
    for (let segment = 0; segment < count; segment++, at += SEGMENT_BYTES) {
      const end = start + index.readDoubleLE(at + 8);
      entries.push({ elements: index.readUInt32LE(at), crc: index.readUInt32LE(at + 4), start, end });
      start = end;
    }
    tables.set(name, entries);
  }
  const objectBytes = head.readDoubleLE(16);
  if (start !== objectBytes) throw damaged(key, 'is damaged: its header is not what was written');
  return { kind, objectBytes, tables };
}

/** Checks that a segment's bytes are what was written. */
export function checkSegment(key: string, entry: SegmentEntry, bytes: Uint8Array): Uint8Array {
  const expected = entry.end - entry.start;
  if (bytes.length < expected)
    throw damaged(key, `is truncated: ${expected - bytes.length} bytes are missing`);
  if (crc32(bytes) !== entry.crc) throw damaged(key, 'is damaged: its content is not what was written');
  return bytes;
}
