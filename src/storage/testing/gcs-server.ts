import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32c, crc32cHex, hexToBase64 } from '../content/crc32c.js';
import { httpRange, readAll, sendError, sendJson } from './gcs-answers.js';
import { GcsUploads } from './gcs-uploads.js';

export interface GcsObject {
  readonly bytes: Buffer;
  readonly generation: string;
  readonly contentType: string;
  readonly updated: string;
}

export interface GcsServer {
  readonly endpoint: string;
  /** The token that must be shown, once it is set. */
  requireToken(token: string): void;
  close(): Promise<void>;
}

/**
 * The part of Google Cloud Storage's JSON API that its own Node.js client uses for objects, after its reference: uploads at
 * once and resumable ones in chunks, ranges, pages, preconditions, and checksums that are compared. Google publishes no
 * emulator for npm, so this one is ours: it shows that the client is used rightly, not that Google's servers do the same.
 * It has one bucket, `data`.
 */
export async function startGcsServer(): Promise<GcsServer> {
  const objects = new Map<string, GcsObject>();
  const uploads = new GcsUploads(objects);
  let token: string | undefined;
  const server = createServer((request, response) => {
    void answer(request, response).catch((error) => sendError(response, 500, String(error)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    if (url.pathname === '/token') {
      await readAll(request);
      return sendJson(response, { access_token: token, expires_in: 3600, token_type: 'Bearer' });
    }
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      return sendError(response, 401, 'Invalid Credentials');
    }
    const [, upload, bucket, name] = /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/(.*))?$/.exec(url.pathname) ?? [];
    if (bucket === undefined) return sendError(response, 404, 'Not Found');
    if (bucket !== 'data') return sendError(response, 404, 'The specified bucket does not exist.');
    if (upload !== undefined) return uploads.answer(request, response, url);
    if (name === undefined) return sendJson(response, pageOf(objects, url.searchParams));
    const key = decodeURIComponent(name);
    const object = objects.get(key);
    if (object === undefined) return sendError(response, 404, `No such object: data/${key}`);
    if (request.method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (url.searchParams.get('alt') === 'media') sendContent(request, response, object);
    else sendJson(response, resourceOf(key, object));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requireToken: (required) => {
      token = required;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function resourceOf(name: string, { bytes, generation, contentType, updated }: GcsObject): object {
  return {
    kind: 'storage#object',
    bucket: 'data',
    name,
    size: String(bytes.length),
    generation,
    contentType,
    updated,
    etag: Buffer.from(generation).toString('base64'),
    crc32c: sumOf(bytes),
  };
}

const sumOf = (bytes: Uint8Array): string => hexToBase64(crc32cHex(crc32c(bytes)));

function pageOf(objects: ReadonlyMap<string, GcsObject>, query: URLSearchParams): object {
  const prefix = query.get('prefix') ?? '';
  const after = Buffer.from(query.get('pageToken') ?? '', 'base64');
  const size = Number(query.get('maxResults') ?? 1000);
  const names = [...objects.keys()]
    .filter((name) => name.startsWith(prefix) && Buffer.compare(Buffer.from(name), after) > 0)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const page = names.slice(0, size);
  const last = page.at(-1);
  const items = page.flatMap((name) => {
    const object = objects.get(name);
    return object === undefined ? [] : [resourceOf(name, object)];
  });
  const more = names.length > size && last !== undefined;
  return {
    kind: 'storage#objects',
    ...(items.length > 0 && { items }),
    ...(more && { nextPageToken: Buffer.from(last).toString('base64') }),
  };
}

function sendContent(request: IncomingMessage, response: ServerResponse, object: GcsObject): void {
  const { bytes, generation, contentType } = object;
  const range = httpRange(request.headers.range, bytes.length);
  if (range === 'beyond') return sendError(response, 416, 'The requested range cannot be satisfied.');
  const part = range === undefined ? bytes : bytes.subarray(range.start, range.end);
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': contentType,
    'content-length': part.length,
    'x-goog-generation': generation,
    'x-goog-stored-content-encoding': 'identity',
    'x-goog-hash': `crc32c=${sumOf(bytes)}`,
    ...(range !== undefined && {
      'content-range': `bytes ${range.start}-${range.end - 1}/${bytes.length}`,
    }),
  });
  response.end(part);
}
