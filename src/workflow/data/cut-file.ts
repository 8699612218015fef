import { ErrorCode, WattloopError } from '../../base/index.js';
import { csvLayout } from './csv-layout.js';
import type { FoundFile } from './found-file.js';
import type { ChunkFormat, ChunkPart } from './input-part.js';
import { oddBytes } from './odd-bytes.js';
import { recordStarts } from './record-starts.js';
import { evenCuts, pairs } from './scatter.js';
import type { FileSpec } from './sources.js';

/** What each worker reads of a file, out of the file itself. */
export async function cutFile(spec: FileSpec, workers: number, file: FoundFile): Promise<ChunkPart[]> {
  const { place, object, objectBytes } = file;
  const between = (cuts: readonly number[], format: ChunkFormat): ChunkPart[] =>
    pairs(cuts).map(([start, end]) => ({
      kind: 'chunk',
      place,
      start,
      end,
      contentStart: cuts[0] ?? 0,
      objectBytes,
      format,
    }));

  if (spec.source === 'binary') {
    const format = bytesFormat(spec.recordBytes);
    if (objectBytes % spec.recordBytes !== 0) throw oddBytes(object.address, objectBytes, spec.recordBytes);
    const cuts = evenCuts(objectBytes / spec.recordBytes, workers);
    return between(
      cuts.map((record) => record * spec.recordBytes),
      format,
    );
  }
  if (spec.source === 'lines')
    return between(cutsBetween(file.markBytes, objectBytes, workers), { format: 'lines' });

  const { format, contentStart } = await csvLayout(
    spec,
    await object.stream(0, objectBytes),
    file.markBytes,
    object.address,
  );
  const cuts = cutsBetween(contentStart, objectBytes, workers);
  if (format.cut === 'lines' || workers === 1) return between(cuts, format);
  const pieces = await object.stream(contentStart, objectBytes);
  const starts = await recordStarts(pieces, contentStart, objectBytes, cuts.slice(1, -1));
  return between([contentStart, ...starts, objectBytes], format);
}

const cutsBetween = (start: number, end: number, parts: number): number[] =>
  evenCuts(end - start, parts).map((cut) => start + cut);

export function bytesFormat(recordBytes: number): ChunkFormat {
  if (Number.isSafeInteger(recordBytes) && recordBytes > 0) return { format: 'bytes', recordBytes };
  throw new WattloopError(ErrorCode.badInput, `recordBytes is ${recordBytes}`, {
    remedy: 'Give a whole number above 0',
  });
}
