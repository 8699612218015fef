import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type * as S3 from '@aws-sdk/client-s3';
import type { WattloopError } from '../../base/index.js';
import type { StorageSettings } from '../../model/index.js';
import type { CloudDriver, Opened, Stored, WriteOptions } from '../cloud/driver.js';
import { base64ToHex, crc32cHex, hexToBase64 } from '../content/crc32c.js';
import type { Part } from '../content/parts.js';
import { httpRange } from '../content/range.js';
import type { ByteRange, ObjectInfo } from '../object-store.js';
import { type Attempt, damagedByMd5, shownAddress } from '../storage-error.js';
import { uploadParts } from './multipart.js';
import { s3Error, statusOf } from './s3-error.js';

const DELETED_AT_ONCE = 1000;

export type S3Settings = StorageSettings['s3'];
export type S3Sdk = typeof S3;

/** Speaks to S3 and to servers like it; those that know nothing newer than multipart uploads will do. */
export class S3Driver implements CloudDriver {
  readonly kind = 's3';
  readonly address: string;
  readonly place: string;
  readonly #sdk: S3Sdk;
  readonly #client: S3.S3Client;
  readonly #bucket: string;
  readonly #settings: S3Settings;

  constructor(sdk: S3Sdk, client: S3.S3Client, bucket: string, settings: S3Settings) {
    this.#sdk = sdk;
    this.#client = client;
    this.#bucket = bucket;
    this.#settings = settings;
    this.address = `s3://${bucket}`;
    this.place = `${this.address} (${settings.endpoint === undefined ? 'AWS' : shownAddress(settings.endpoint)})`;
  }

  async putWhole(key: string, part: Part, { contentType, ifAbsent, signal }: WriteOptions): Promise<Stored> {
    const sum = crc32cHex(part.crc32c);
    const put = new this.#sdk.PutObjectCommand({
      ...this.#object(key),
      Body: part.bytes,
      ContentLength: part.bytes.length,
      ChecksumCRC32C: hexToBase64(sum),
      // Servers that don't know checksums keep this one all the same.
      Metadata: { crc32c: sum },
      ...(contentType !== undefined && { ContentType: contentType }),
      ...(ifAbsent && { IfNoneMatch: '*' }),
    });
    const answer = await this.#client.send(put, { abortSignal: signal });
    if (answer.ChecksumCRC32C === undefined && answer.ServerSideEncryption === undefined) {
      await this.#compareMd5(key, part, answer.ETag);
    }
    return { etag: unquoted(answer.ETag), crc32c: wholeSum(answer.ChecksumCRC32C) };
  }

  putParts(key: string, parts: AsyncIterable<Part>, options: WriteOptions): Promise<Stored> {
    return uploadParts(this.#sdk, this.#client, this.#object(key), parts, {
      ...options,
      compareMd5: (part, etag) => compareMd5(this.place, key, part, etag),
    });
  }

  async #compareMd5(key: string, part: Part, etag: string | undefined): Promise<void> {
    try {
      compareMd5(this.place, key, part, etag);
    } catch (error) {
      await this.delete([key]).catch(() => undefined);
      throw error;
    }
  }

  async open(
    key: string,
    range: ByteRange | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Opened | undefined> {
    const get = new this.#sdk.GetObjectCommand({
      ...this.#object(key),
      ...(range !== undefined && { Range: httpRange(range) }),
    });
    try {
      const answer = await this.#client.send(get, { abortSignal: signal });
      return {
        // In Node.js it is always one.
        body: answer.Body as unknown as Readable,
        etag: unquoted(answer.ETag),
        crc32c: wholeSum(answer.ChecksumCRC32C) ?? answer.Metadata?.crc32c,
      };
    } catch (error) {
      if (statusOf(error) === 416) return undefined;
      throw error;
    }
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    try {
      const answer = await this.#client.send(new this.#sdk.HeadObjectCommand(this.#object(key)));
      return infoOf(key, {
        ...answer,
        Size: answer.ContentLength,
        crc32c: wholeSum(answer.ChecksumCRC32C) ?? answer.Metadata?.crc32c,
      });
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async *list(prefix: string): AsyncGenerator<readonly ObjectInfo[], void, undefined> {
    let token: string | undefined;
    do {
      const list = new this.#sdk.ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: prefix,
        ...(token !== undefined && { ContinuationToken: token }),
      });
      const page = await this.#client.send(list);
      yield (page.Contents ?? []).flatMap((found) =>
        found.Key === undefined ? [] : [infoOf(found.Key, found)],
      );
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async delete(keys: readonly string[]): Promise<void> {
    const [only, second] = keys;
    if (only !== undefined && second === undefined) {
      await this.#client.send(new this.#sdk.DeleteObjectCommand(this.#object(only)));
      return;
    }
    for (let at = 0; at < keys.length; at += DELETED_AT_ONCE) {
      const Objects = keys.slice(at, at + DELETED_AT_ONCE).map((Key) => ({ Key }));
      const answer = await this.#client.send(
        new this.#sdk.DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } }),
      );
      const [failure] = answer.Errors ?? [];
      if (failure !== undefined) throw Object.assign(new Error(failure.Message), { name: failure.Code });
    }
  }

  explain(error: unknown, attempt: Attempt): WattloopError {
    return s3Error(error, attempt, { place: this.place, bucket: this.#bucket, settings: this.#settings });
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  #object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: key };
  }
}

/** Servers that compute no CRC-32C name what they got by its MD5, unless they encrypt it. */
function compareMd5(place: string, key: string, { bytes }: Part, etag: string | undefined): void {
  const name = unquoted(etag);
  if (name === undefined || !/^[0-9a-f]{32}$/.test(name)) return;
  const md5 = createHash('md5').update(bytes).digest('hex');
  if (md5 === name) return;
  throw damagedByMd5(place, key, md5, name);
}

/** Checksums of checksums of parts, which end in their number, say nothing of the whole. */
const wholeSum = (checksum: string | undefined): string | undefined =>
  checksum === undefined || checksum.includes('-') ? undefined : base64ToHex(checksum);

const unquoted = (etag: string | undefined): string | undefined => etag?.replaceAll('"', '');

function infoOf(
  key: string,
  found: {
    Size?: number | undefined;
    LastModified?: Date | undefined;
    ETag?: string | undefined;
    crc32c?: string | undefined;
  },
): ObjectInfo {
  const etag = unquoted(found.ETag);
  return {
    key,
    sizeBytes: found.Size ?? 0,
    modifiedAt: (found.LastModified?.getTime() ?? 0) / 1e3,
    ...(etag !== undefined && { etag }),
    ...(found.crc32c !== undefined && { crc32c: found.crc32c }),
  };
}
