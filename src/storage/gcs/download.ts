import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Bucket } from '@google-cloud/storage';
import { systemClock } from '../../base/index.js';
import type { Opened } from '../cloud/driver.js';
import { base64ToHex } from '../content/crc32c.js';
import { httpRange } from '../content/range.js';
import type { ByteRange } from '../object-store.js';
import { isWorthRetrying } from './gcs-error.js';

const TRIES = 5;
const FIRST_WAIT_SECONDS = 0.2;

/**
 * Asks for an object's content. Not by the Google client's own stream, as that one never ends when the connection breaks in
 * the middle of an answer.
 */
export async function download(
  bucket: Bucket,
  key: string,
  range: ByteRange | undefined,
  signal: AbortSignal | undefined,
): Promise<Opened | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask(bucket, key, range, signal);
    } catch (error) {
      if (tries === TRIES || signal?.aborted || !isWorthRetrying(error)) throw error;
      await systemClock.sleep(FIRST_WAIT_SECONDS * 2 ** tries * (0.5 + Math.random() / 2), signal);
    }
  }
}

async function ask(
  bucket: Bucket,
  key: string,
  range: ByteRange | undefined,
  signal: AbortSignal | undefined,
): Promise<Opened | undefined> {
  const { storage, name } = bucket;
  const url = `${storage.apiEndpoint}/storage/v1/b/${name}/o/${encodeURIComponent(key)}?alt=media`;
  const isOpen = storage.customEndpoint === true && storage.useAuthWithCustomEndpoint !== true;
  const login = isOpen ? {} : await storage.authClient.getRequestHeaders(url);
  const answer = await fetch(url, {
    headers: { ...login, ...(range !== undefined && { range: httpRange(range) }) },
    ...(signal !== undefined && { signal }),
  });
  if (answer.status === 416) {
    await answer.body?.cancel();
    return undefined;
  }
  if (!answer.ok) throw Object.assign(new Error(await answer.text()), { code: answer.status });
  return {
    body: answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body as ReadableStream),
    etag: answer.headers.get('x-goog-generation') ?? undefined,
    crc32c: wholeSum(answer.headers),
  };
}

/** As in `x-goog-hash: crc32c=n03x6A==,md5=…`. What is kept compressed comes here as it was before. */
function wholeSum(headers: Headers): string | undefined {
  const isAsKept = (headers.get('x-goog-stored-content-encoding') ?? 'identity') === 'identity';
  const sum = /crc32c=([^,\s]+)/.exec(headers.get('x-goog-hash') ?? '')?.[1];
  return isAsKept && sum !== undefined ? base64ToHex(sum) : undefined;
}
