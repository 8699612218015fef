import { ErrorCode, WattloopError } from '../../base/index.js';
import { csvRows } from './csv-rows.js';
import { decompressed } from './decompress.js';
import type { ChunkPart } from './input-part.js';
import { oddBytes } from './odd-bytes.js';
import type { OpenObject } from './open-object.js';
import type { CountBytes } from './partition-reader.js';

const LINE_FEED = 0x0a;
const MORE_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/** What begins in a chunk of text or bytes, taken apart. */
export async function readChunk(part: ChunkPart, object: OpenObject, count: CountBytes): Promise<unknown> {
  const bytes = await chunkBytes(part, object, count);
  const { format } = part;
  if (format.format === 'bytes') return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const where =
    part.start === part.contentStart ? object.address : `${object.address}, from byte ${part.start}`;
  const text = textOf(bytes, where);
  if (format.format === 'csv') return csvRows(text, format, where);
  return linesOf(text);
}

async function chunkBytes(part: ChunkPart, object: OpenObject, count: CountBytes): Promise<Buffer> {
  if (part.compression === 'gzip') return unpacked(part, object, count);
  const { start, end, format } = part;
  const mayBeginWithin = format.format === 'lines' || (format.format === 'csv' && format.cut === 'lines');
  if (mayBeginWithin) return wholeLines(part, object, count);
  const bytes = await object.read(start, end);
  count(bytes.length);
  if (bytes.length < end - start) throw shrunk(object);
  return bytes;
}

/** The lines that begin between `start` and `end`. */
async function wholeLines(part: ChunkPart, object: OpenObject, count: CountBytes): Promise<Buffer> {
  const { start, end, contentStart, objectBytes } = part;
  if (start >= end) return NOTHING;
  // The byte before tells whether a line begins right here.
  const isFirst = start === contentStart;
  const from = isFirst ? start : start - 1;
  const bytes = await object.read(from, end);
  count(bytes.length);
  if (bytes.length < end - from) throw shrunk(object);
  const begin = isFirst ? 0 : bytes.indexOf(LINE_FEED) + 1;
  if (!isFirst && (begin === 0 || begin === bytes.length)) return NOTHING;
  const pieces = [bytes.subarray(begin)];
  for (let at = end, last = bytes; at < objectBytes && last.at(-1) !== LINE_FEED; ) {
    const more = await object.read(at, Math.min(at + MORE_BYTES, objectBytes));
    count(more.length);
    if (more.length === 0) throw shrunk(object);
    const stop = more.indexOf(LINE_FEED) + 1;
    last = stop === 0 ? more : more.subarray(0, stop);
    pieces.push(last);
    at += more.length;
  }
  return pieces.length === 1 ? (pieces[0] ?? NOTHING) : Buffer.concat(pieces);
}

async function unpacked(
  { start, end, format }: ChunkPart,
  object: OpenObject,
  count: CountBytes,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of decompressed(object, count)) pieces.push(piece);
  const bytes = Buffer.concat(pieces).subarray(start, end);
  if (format.format === 'bytes' && bytes.length % format.recordBytes !== 0) {
    throw oddBytes(object.address, bytes.length, format.recordBytes);
  }
  return bytes;
}

const shrunk = (object: OpenObject): WattloopError =>
  new WattloopError(ErrorCode.badInput, `${object.address} is shorter than it was when the run began`, {
    remedy: 'Leave the data alone while a run reads it, and run again',
  });

function textOf(bytes: Buffer, where: string): string {
  try {
    return bytes.toString('utf8');
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, `${where}: ${bytes.length} bytes are too many for one text`, {
      remedy: 'Give the stage more workers, so that each reads less',
      cause: error,
    });
  }
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = (text.includes('\r') ? text.replaceAll('\r\n', '\n') : text).split('\n');
  // What ends with a line feed has no further line after it.
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
