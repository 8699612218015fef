import type * as S3 from '@aws-sdk/client-s3';
import type { Stored, WriteOptions } from '../cloud/driver.js';
import { base64ToHex, crc32cHex, hexToBase64 } from '../content/crc32c.js';
import { inParallel } from '../content/in-parallel.js';
import type { Part } from '../content/parts.js';

const PARTS_AT_ONCE = 4;

export interface PartsOptions extends WriteOptions {
  /** For servers that answer without a checksum. */
  readonly compareMd5: (part: Part, etag: string | undefined) => void;
}

/** Uploads an object in parts. When anything fails, the server is told to forget those that it has. */
export async function uploadParts(
  sdk: typeof S3,
  client: S3.S3Client,
  object: { Bucket: string; Key: string },
  parts: AsyncIterable<Part>,
  options: PartsOptions,
): Promise<Stored> {
  const { contentType, ifAbsent, signal } = options;
  const { UploadId } = await client.send(
    new sdk.CreateMultipartUploadCommand({
      ...object,
      ChecksumAlgorithm: 'CRC32C',
      ChecksumType: 'FULL_OBJECT',
      ...(contentType !== undefined && { ContentType: contentType }),
    }),
    { abortSignal: signal },
  );
  const upload = { ...object, UploadId };
  try {
    const done: S3.CompletedPart[] = [];
    await inParallel(parts, PARTS_AT_ONCE, async (part, index, stop) => {
      done[index] = await uploadPart(sdk, client, upload, part, index + 1, {
        ...options,
        signal: signal === undefined ? stop : AbortSignal.any([signal, stop]),
      });
    });
    const answer = await client.send(
      new sdk.CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts: done },
        ...(ifAbsent && { IfNoneMatch: '*' }),
      }),
      { abortSignal: signal },
    );
    const sum = answer.ChecksumCRC32C;
    return {
      etag: answer.ETag?.replaceAll('"', ''),
      // That of parts ends in their number; the server has compared each of them.
      crc32c: sum === undefined || sum.includes('-') ? undefined : base64ToHex(sum),
    };
  } catch (error) {
    // Else they stay there, unseen and paid for. That this fails too is no news.
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

async function uploadPart(
  sdk: typeof S3,
  client: S3.S3Client,
  upload: { Bucket: string; Key: string; UploadId: string | undefined },
  part: Part,
  number: number,
  { compareMd5, signal }: PartsOptions,
): Promise<S3.CompletedPart> {
  const answer = await client.send(
    new sdk.UploadPartCommand({
      ...upload,
      PartNumber: number,
      Body: part.bytes,
      ContentLength: part.bytes.length,
      ChecksumCRC32C: hexToBase64(crc32cHex(part.crc32c)),
    }),
    { abortSignal: signal },
  );
  const known = answer.ChecksumCRC32C;
  if (known === undefined && answer.ServerSideEncryption === undefined) compareMd5(part, answer.ETag);
  return { PartNumber: number, ETag: answer.ETag, ...(known !== undefined && { ChecksumCRC32C: known }) };
}
