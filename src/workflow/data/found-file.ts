import { ErrorCode, systemCode, WattloopError } from '../../base/index.js';
import type { ObjectPlace } from './input-part.js';
import { missingFile, missingKey } from './missing-object.js';
import { type OpenObject, openObject } from './open-object.js';
import type { PlanContext } from './plan-context.js';

const FIRST_BYTES = 4;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A file that is there, and what its first bytes tell. */
export interface FoundFile {
  readonly place: ObjectPlace;
  readonly object: OpenObject;
  readonly objectBytes: number;
  readonly isGzip: boolean;
  /** Bytes of a byte order mark: 0 where there is none. */
  readonly markBytes: number;
}

/** Looks for a file and into its beginning. */
export async function findFile(place: ObjectPlace, context: PlanContext): Promise<FoundFile> {
  const object = await openObject(
    place,
    { run: context.run.store, open: (settings) => context.open(settings) },
    context.signal,
  );
  const objectBytes = await object.sizeBytes();
  if (objectBytes === undefined) {
    if (place.in === 'file') throw await missingFile(place.path);
    throw await missingKey(
      place.in === 'run' ? context.run.store : await context.open(place.storage),
      place.key,
    );
  }
  const first = await firstBytes(object, objectBytes);
  const isGzip = first.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);
  return { place, object, objectBytes, isGzip, markBytes: byteOrderMark(first, object.address) };
}

async function firstBytes(object: OpenObject, objectBytes: number): Promise<Buffer> {
  try {
    return await object.read(0, Math.min(FIRST_BYTES, objectBytes));
  } catch (error) {
    if (systemCode(error) === 'EACCES') {
      throw new WattloopError(ErrorCode.permissionDenied, `${object.address} may not be read`, {
        remedy: `Give yourself the right: chmod u+r ${object.address}`,
        cause: error,
      });
    }
    if (systemCode(error) !== 'EISDIR') throw error;
    throw new WattloopError(ErrorCode.badInput, `${object.address} is a folder`, {
      remedy: "Name a file in it, or read whole files with objects('…')",
    });
  }
}

/** How long a UTF-8 byte order mark is that a text begins with. UTF-16 is refused: its line breaks are other bytes. */
export function byteOrderMark(first: Buffer, where: string): number {
  const isUtf16 = (first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff);
  if (isUtf16) {
    throw new WattloopError(ErrorCode.badInput, `${where}: the text is UTF-16`, {
      remedy: 'Make it UTF-8: iconv -f UTF-16 -t UTF-8',
    });
  }
  return first.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
}
