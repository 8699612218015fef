import { Readable } from 'node:stream';
import type { FoundFile } from './found-file.js';
import type { ChunkPart } from './input-part.js';
import type { OpenObject } from './open-object.js';
import type { PlanContext } from './plan-context.js';
import { pairs } from './scatter.js';

const LINE_FEED = 0x0a;
const STEP_BYTES = 64 * 1024;

/** Copies every chunk into an object of its own in the run's store, piece by piece. */
export async function copyChunks(
  parts: readonly ChunkPart[],
  { object, objectBytes }: FoundFile,
  context: PlanContext,
): Promise<ChunkPart[]> {
  const { store, prefix } = context.run;
  const copies: ChunkPart[] = [];
  const cuts = await exactCuts(parts, object, objectBytes);
  for (const [index, [start, end]] of pairs(cuts).entries()) {
    const part = parts[index];
    if (!part) continue;
    const key = `${prefix}/${index}`;
    const size = end - start;
    const body =
      size === 0 ? Buffer.alloc(0) : Readable.from(await object.stream(start, end), { objectMode: false });
    await store.put(key, body, context.signal ? { signal: context.signal } : {});
    copies.push({
      ...part,
      place: { in: 'run', key },
      start: 0,
      end: size,
      contentStart: 0,
      objectBytes: size,
    });
  }
  return copies;
}

/** Where chunks begin whose places may lie within a line: after its end. */
async function exactCuts(
  parts: readonly ChunkPart[],
  object: OpenObject,
  objectBytes: number,
): Promise<number[]> {
  const cuts: number[] = [];
  for (const { start, contentStart, format } of parts) {
    const isExact = format.format === 'bytes' || (format.format === 'csv' && format.cut === 'records');
    cuts.push(isExact || start === contentStart ? start : await lineStart(object, start, objectBytes));
  }
  return [...cuts, objectBytes];
}

/** Where the first line begins at or after a place. */
async function lineStart(object: OpenObject, wanted: number, objectBytes: number): Promise<number> {
  for (let at = wanted - 1; at < objectBytes; at += STEP_BYTES) {
    const bytes = await object.read(at, Math.min(at + STEP_BYTES, objectBytes));
    const found = bytes.indexOf(LINE_FEED);
    if (found !== -1) return at + found + 1;
  }
  return objectBytes;
}
