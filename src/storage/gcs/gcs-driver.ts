import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bucket, FileMetadata } from '@google-cloud/storage';
import type { WattloopError } from '../../base/index.js';
import type { StorageSettings } from '../../model/index.js';
import type { CloudDriver, Opened, Stored, WriteOptions } from '../cloud/driver.js';
import { base64ToHex, crc32cHex, hexToBase64 } from '../content/crc32c.js';
import { inParallel } from '../content/in-parallel.js';
import type { Part } from '../content/parts.js';
import { untilAborted } from '../content/until-aborted.js';
import type { ByteRange, ObjectInfo } from '../object-store.js';
import { type Attempt, shownAddress } from '../storage-error.js';
import { download } from './download.js';
import { gcsError, isAbsent } from './gcs-error.js';

const PAGE = 1000;
const DELETED_AT_ONCE = 16;
/** What is sent in one request, and sent again when that breaks. */
const CHUNK_BYTES = 8 * 1024 * 1024;

export type GcsSettings = StorageSettings['gcs'];

/** Speaks to Google Cloud Storage, or to what speaks like it. */
export class GcsDriver implements CloudDriver {
  readonly kind = 'gcs';
  readonly address: string;
  readonly place: string;
  readonly #bucket: Bucket;
  readonly #settings: GcsSettings;

  constructor(bucket: Bucket, settings: GcsSettings) {
    this.#bucket = bucket;
    this.#settings = settings;
    this.address = `gs://${bucket.name}`;
    const server = settings.endpoint === undefined ? 'Google Cloud' : shownAddress(settings.endpoint);
    this.place = `${this.address} (${server})`;
  }

  async putWhole(key: string, part: Part, { contentType, ifAbsent, signal }: WriteOptions): Promise<Stored> {
    const file = this.#bucket.file(key);
    const saving = file.save(Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.length), {
      resumable: false,
      // The server compares what it gets with this, and refuses what differs.
      metadata: {
        crc32c: hexToBase64(crc32cHex(part.crc32c)),
        ...(contentType !== undefined && { contentType }),
      },
      validation: false,
      ...(ifAbsent && { preconditionOpts: { ifGenerationMatch: 0 } }),
    });
    await untilAborted(saving, signal);
    return storedOf(file.metadata);
  }

  async putParts(key: string, parts: AsyncIterable<Part>, options: WriteOptions): Promise<Stored> {
    const { contentType, ifAbsent, signal } = options;
    const file = this.#bucket.file(key);
    // Begun by hand: the stream would not log in at another endpoint.
    const [uri] = await file.createResumableUpload({
      ...(contentType !== undefined && { metadata: { contentType } }),
      ...(ifAbsent && { preconditionOpts: { ifGenerationMatch: 0 } }),
    });
    const upload = file.createWriteStream({
      uri,
      offset: 0,
      resumable: true,
      chunkSize: CHUNK_BYTES,
      validation: false,
    });
    // When the parts end in an error the upload is never ended, and so no object is made of it.
    await pipeline(Readable.from(bytesOf(parts), { objectMode: false }), upload, { signal });
    return storedOf(file.metadata);
  }

  open(
    key: string,
    range: ByteRange | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Opened | undefined> {
    return download(this.#bucket, key, range, signal);
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    try {
      const [metadata] = await this.#bucket.file(key).getMetadata();
      return infoOf(key, metadata);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async *list(prefix: string): AsyncGenerator<readonly ObjectInfo[], void, undefined> {
    let pageToken: string | undefined;
    do {
      const [files, next] = await this.#bucket.getFiles({
        prefix,
        maxResults: PAGE,
        autoPaginate: false,
        ...(pageToken !== undefined && { pageToken }),
      });
      yield files.map((file) => infoOf(file.name, file.metadata));
      pageToken = (next as { pageToken?: string } | null | undefined)?.pageToken;
    } while (pageToken !== undefined);
  }

  async delete(keys: readonly string[]): Promise<void> {
    await inParallel(keys, DELETED_AT_ONCE, async (key) => {
      await this.#bucket.file(key).delete({ ignoreNotFound: true });
    });
  }

  explain(error: unknown, attempt: Attempt): WattloopError {
    return gcsError(error, attempt, {
      place: this.place,
      bucket: this.#bucket.name,
      settings: this.#settings,
    });
  }

  async close(): Promise<void> {}
}

async function* bytesOf(parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of parts) yield bytes;
}

function storedOf({ generation, crc32c, updated }: FileMetadata): Stored {
  return {
    etag: generation === undefined ? undefined : String(generation),
    crc32c: crc32c && base64ToHex(crc32c),
    modifiedAt: updated === undefined ? undefined : Date.parse(updated) / 1e3,
  };
}

/** The generation names the content; the etag of this provider changes with its labels, too. */
function infoOf(key: string, metadata: FileMetadata): ObjectInfo {
  const { etag, crc32c, modifiedAt = 0 } = storedOf(metadata);
  return {
    key,
    sizeBytes: Number(metadata.size ?? 0),
    modifiedAt,
    ...(etag !== undefined && { etag }),
    ...(crc32c !== undefined && { crc32c }),
  };
}
