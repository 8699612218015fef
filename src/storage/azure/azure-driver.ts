import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import type { WattloopError } from '../../base/index.js';
import type { StorageSettings } from '../../model/index.js';
import type { CloudDriver, Opened, Stored, WriteOptions } from '../cloud/driver.js';
import { crc32cHex } from '../content/crc32c.js';
import { inParallel } from '../content/in-parallel.js';
import { type Part, Total } from '../content/parts.js';
import type { ByteRange, ObjectInfo } from '../object-store.js';
import { type Attempt, damagedByMd5, shownAddress } from '../storage-error.js';
import { azureError, codeOf, isAbsent } from './azure-error.js';

const PAGE = 1000;
const BLOCKS_AT_ONCE = 4;
const DELETED_AT_ONCE = 16;

export type AzureSettings = StorageSettings['azure'];

/**
 * Speaks to Azure Blob Storage. It compares the MD5 of each request; the CRC-32C of the whole is kept with the object, so
 * that it can be compared when it is read.
 */
export class AzureDriver implements CloudDriver {
  readonly kind = 'azure';
  readonly address: string;
  readonly place: string;
  readonly #container: ContainerClient;
  readonly #settings: AzureSettings;

  constructor(container: ContainerClient, settings: AzureSettings) {
    this.#container = container;
    this.#settings = settings;
    this.address = `azure://${container.accountName}/${container.containerName}`;
    const server = shownAddress(container.url).replace(/\/[^/]*$/, '');
    this.place = `${this.address} (${server})`;
  }

  async putWhole(key: string, part: Part, options: WriteOptions): Promise<Stored> {
    const answer = await this.#blob(key).upload(
      part.bytes,
      part.bytes.length,
      this.#content(part.crc32c, options),
    );
    // It says what it got; if that is something else, it goes again.
    const md5 = md5Of(part.bytes);
    const found = answer.contentMD5;
    if (found !== undefined && !md5.equals(found)) {
      await this.delete([key]);
      throw damagedByMd5(this.place, key, md5.toString('hex'), Buffer.from(found).toString('hex'));
    }
    return { etag: unquoted(answer.etag), modifiedAt: secondsOf(answer.lastModified) };
  }

  async putParts(key: string, parts: AsyncIterable<Part>, options: WriteOptions): Promise<Stored> {
    const blob = this.#blob(key);
    const { signal } = options;
    // Two who write the same object must not take each other's blocks.
    const upload = randomBytes(12).toString('hex');
    const blocks: string[] = [];
    const sums = new Total();
    await inParallel(counted(parts, sums), BLOCKS_AT_ONCE, async ({ bytes }, index, stop) => {
      const block = Buffer.from(`${upload}-${String(index).padStart(6, '0')}`).toString('base64');
      blocks[index] = block;
      await blob.stageBlock(block, bytes, bytes.length, {
        transactionalContentMD5: md5Of(bytes),
        abortSignal: signal === undefined ? stop : AbortSignal.any([signal, stop]),
      });
    });
    // What is staged and never listed is not seen, and is forgotten within a week.
    const answer = await blob.commitBlockList(blocks, this.#content(sums.crc32c, options));
    return { etag: unquoted(answer.etag), modifiedAt: secondsOf(answer.lastModified) };
  }

  #content(sum: number, { contentType, ifAbsent, signal }: WriteOptions) {
    return {
      metadata: { crc32c: crc32cHex(sum) },
      ...(contentType !== undefined && { blobHTTPHeaders: { blobContentType: contentType } }),
      ...(ifAbsent && { conditions: { ifNoneMatch: '*' } }),
      ...(signal !== undefined && { abortSignal: signal }),
    };
  }

  async open(
    key: string,
    range: ByteRange | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Opened | undefined> {
    const { start = 0, end } = range ?? {};
    try {
      const answer = await this.#blob(key).download(start, end === undefined ? undefined : end - start, {
        ...(signal !== undefined && { abortSignal: signal }),
        // We go on by ourselves.
        maxRetryRequests: 0,
      });
      return {
        // In Node.js it is always one.
        body: answer.readableStreamBody as Readable,
        etag: unquoted(answer.etag),
        crc32c: answer.metadata?.crc32c,
      };
    } catch (error) {
      if (codeOf(error) === 'InvalidRange') return undefined;
      throw error;
    }
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    try {
      const answer = await this.#blob(key).getProperties();
      return infoOf(key, answer, answer.metadata);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async *list(prefix: string): AsyncGenerator<readonly ObjectInfo[], void, undefined> {
    const pages = this.#container
      .listBlobsFlat({ prefix, includeMetadata: true })
      .byPage({ maxPageSize: PAGE });
    for await (const { segment } of pages) {
      yield segment.blobItems.map(({ name, properties, metadata }) => infoOf(name, properties, metadata));
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    await inParallel(keys, DELETED_AT_ONCE, async (key) => {
      await this.#blob(key).deleteIfExists({ deleteSnapshots: 'include' });
    });
  }

  explain(error: unknown, attempt: Attempt): WattloopError {
    return azureError(error, attempt, {
      place: this.place,
      container: this.#container.containerName,
      server: shownAddress(this.#container.url).replace(/\/[^/]*$/, ''),
      settings: this.#settings,
    });
  }

  async close(): Promise<void> {}

  #blob(key: string): BlockBlobClient {
    return this.#container.getBlockBlobClient(key);
  }
}

async function* counted(parts: AsyncIterable<Part>, sums: Total): AsyncGenerator<Part> {
  for await (const part of parts) {
    sums.add(part);
    yield part;
  }
}

const md5Of = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();
const unquoted = (etag: string | undefined): string | undefined => etag?.replaceAll('"', '');
const secondsOf = (date: Date | undefined): number | undefined => date && date.getTime() / 1e3;

function infoOf(
  key: string,
  found: { contentLength?: number; lastModified?: Date; etag?: string },
  metadata: Readonly<Record<string, string>> | undefined,
): ObjectInfo {
  const etag = unquoted(found.etag);
  const sum = metadata?.crc32c;
  return {
    key,
    sizeBytes: found.contentLength ?? 0,
    modifiedAt: secondsOf(found.lastModified) ?? 0,
    ...(etag !== undefined && { etag }),
    ...(sum !== undefined && { crc32c: sum }),
  };
}
