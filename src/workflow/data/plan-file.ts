import { Readable } from 'node:stream';
import { ErrorCode, WattloopError } from '../../base/index.js';
import { copyChunks } from './copy-chunks.js';
import { csvLayout } from './csv-layout.js';
import { bytesFormat, cutFile } from './cut-file.js';
import { decompressed } from './decompress.js';
import { byteOrderMark, type FoundFile, findFile } from './found-file.js';
import type { ChunkPart } from './input-part.js';
import { locate } from './locate.js';
import type { PlanContext } from './plan-context.js';
import type { FileSpec } from './sources.js';

/** What each worker reads of a file. */
export async function planFile(spec: FileSpec, workers: number, context: PlanContext): Promise<ChunkPart[]> {
  const file = await findFile(locate(spec.path, context.baseFolder, context.storage), context);
  const isStatic = spec.chunking === 'static';
  if (!file.isGzip) {
    const parts = await cutFile(spec, workers, file);
    return isStatic ? copyChunks(parts, file, context) : parts;
  }
  if (isStatic) return cutFile(spec, workers, await unpack(file, context));
  if (workers === 1) return [await compressedChunk(spec, file)];
  throw new WattloopError(
    ErrorCode.badInput,
    `${spec.path} is compressed, and ${workers} workers can't begin to read it in the middle`,
    { remedy: "Read it with chunking: 'static', with one worker, or decompress it" },
  );
}

/** Writes what is in a compressed file into the run's store, where it can be read from the middle. */
async function unpack({ object }: FoundFile, context: PlanContext): Promise<FoundFile> {
  const { store, prefix } = context.run;
  const key = `${prefix}/whole`;
  const body = Readable.from(decompressed(object), { objectMode: false });
  await store.put(key, body, context.signal ? { signal: context.signal } : {});
  return findFile({ in: 'run', key }, context);
}

/** All of a compressed file, for one worker. */
async function compressedChunk(
  spec: FileSpec,
  { place, object, objectBytes }: FoundFile,
): Promise<ChunkPart> {
  // How much is in it shows when it is read.
  const end = Number.MAX_SAFE_INTEGER;
  const chunk = { kind: 'chunk', place, end, objectBytes, compression: 'gzip' } as const;
  if (spec.source === 'binary')
    return { ...chunk, start: 0, contentStart: 0, format: bytesFormat(spec.recordBytes) };
  const start = byteOrderMark(await beginning(object), object.address);
  if (spec.source === 'lines') return { ...chunk, start, contentStart: start, format: { format: 'lines' } };
  const { format, contentStart } = await csvLayout(spec, decompressed(object), start, object.address);
  return { ...chunk, start: contentStart, contentStart, format };
}

async function beginning(object: FoundFile['object']): Promise<Buffer> {
  for await (const piece of decompressed(object)) return piece.subarray(0, 4);
  return Buffer.alloc(0);
}
