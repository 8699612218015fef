import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LocalServer, pageOf, rangeOf, readAll, startLocalServer } from './http-server.js';
import { type S3Object, sendError, sendXml, storedHeaders, sumOf } from './s3-answers.js';
import { S3Uploads } from './s3-uploads.js';

export interface S3Server extends LocalServer {
  /** Uploads that were begun and neither ended nor given up. */
  openUploads(): number;
}

/**
 * The part of today's S3 that s3rver is too old for, after Amazon's reference: checksums of CRC-32C that are compared and
 * told, of whole objects also when they come in parts, writes on the condition that there is none, parts of 5 MiB at least.
 * Who asks is not checked. It has one bucket, `data`. No newer server is to be had from npm, so this one is
 * ours: it shows what the client sends and how its answers are taken, not that Amazon's servers do the same.
 */
export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, S3Object>();
  const uploads = new S3Uploads(objects);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://s3');
    const [, bucket, name = ''] = /^\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
    const key = decodeURIComponent(name);
    const body = await readAll(request);
    if (bucket !== 'data') return sendError(response, 404, 'NoSuchBucket');
    if (key === '') return ofBucket(request, response, url.searchParams, body);
    if (url.searchParams.has('uploadId') || url.searchParams.has('uploads')) {
      return uploads.answer(request, response, key, url.searchParams, body);
    }
    return ofObject(request, response, key, body);
  }

  function ofBucket(
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
    body: Buffer,
  ) {
    if (request.method === 'GET') return sendXml(response, listing(objects, query));
    if (request.headers['content-md5'] === undefined) return sendError(response, 400, 'MissingContentMD5');
    for (const [, key = ''] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)) objects.delete(plain(key));
    sendXml(response, '<DeleteResult></DeleteResult>');
  }

  function ofObject(request: IncomingMessage, response: ServerResponse, key: string, body: Buffer) {
    const object = objects.get(key);
    switch (request.method) {
      case 'PUT':
        if (request.headers['if-none-match'] === '*' && object)
          return sendError(response, 412, 'PreconditionFailed');
        return put(request, response, key, body);
      case 'DELETE':
        objects.delete(key);
        response.writeHead(204).end();
        return;
      case 'HEAD':
        if (object === undefined) response.writeHead(404).end();
        else
          response.writeHead(200, { ...storedHeaders(object), 'content-length': object.bytes.length }).end();
        return;
      default:
        if (object === undefined) return sendError(response, 404, 'NoSuchKey');
        return get(request, response, object);
    }
  }

  function put(request: IncomingMessage, response: ServerResponse, key: string, bytes: Buffer) {
    const wanted = request.headers['x-amz-checksum-crc32c'];
    const sum = sumOf(bytes);
    if (wanted !== undefined && wanted !== sum) return sendError(response, 400, 'BadDigest');
    const object: S3Object = {
      bytes,
      modified: new Date(),
      crc32c: sum,
      contentType: request.headers['content-type'] ?? 'binary/octet-stream',
    };
    objects.set(key, object);
    response.writeHead(200, storedHeaders(object)).end();
  }

  return { ...(await startLocalServer(answer)), openUploads: () => uploads.open };
}

function get(request: IncomingMessage, response: ServerResponse, object: S3Object) {
  const { bytes } = object;
  const range = rangeOf(request.headers.range, bytes.length);
  if (range === 'beyond') return sendError(response, 416, 'InvalidRange');
  const part = range === undefined ? bytes : bytes.subarray(range.start, range.end);
  const { 'x-amz-checksum-crc32c': sum, ...headers } = storedHeaders(object);
  const isAsked = request.headers['x-amz-checksum-mode'] === 'ENABLED' && range === undefined;
  response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    ...(isAsked && { 'x-amz-checksum-crc32c': sum }),
    'content-length': part.length,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end - 1}/${bytes.length}` }),
  });
  response.end(part);
}

function listing(objects: ReadonlyMap<string, S3Object>, query: URLSearchParams): string {
  const { page, next } = pageOf(objects.keys(), {
    prefix: query.get('prefix') ?? '',
    token: query.get('continuation-token'),
    size: Number(query.get('max-keys') ?? 1000),
  });
  const contents = page.map((key) => {
    const { bytes = Buffer.alloc(0), modified = new Date() } = objects.get(key) ?? {};
    return `<Contents><Key>${escaped(key)}</Key><Size>${bytes.length}</Size><LastModified>${modified.toISOString()}</LastModified></Contents>`;
  });
  const more = next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`;
  return `<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${more}${contents.join('')}</ListBucketResult>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const plain = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&amp;', '&');
