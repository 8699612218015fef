import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError, sendJson } from './gcs-answers.js';
import { type GcsObject, resourceOf, sumOf } from './gcs-object.js';
import { GcsUploads } from './gcs-uploads.js';
import { type LocalServer, pageOf, rangeOf, readAll, startLocalServer } from './http-server.js';

export interface GcsServer extends LocalServer {
  /** The token that must be shown, once it is set; `/token` gives it to whoever asks. */
  requireToken(token: string): void;
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
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    if (url.pathname === '/token') {
      await readAll(request);
      return sendJson(response, {
        access_token: token,
        expires_in: 3600,
        token_type: 'Bearer',
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      });
    }
    // Who knows the address of an upload may go on with it.
    const isKnown = url.searchParams.has('upload_id');
    if (token !== undefined && !isKnown && request.headers.authorization !== `Bearer ${token}`) {
      return sendError(response, 401, 'Invalid Credentials');
    }
    const [, upload, bucket, name] =
      /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/(.*))?$/.exec(url.pathname) ?? [];
    if (bucket === undefined) return sendError(response, 404, 'Not Found');
    if (bucket !== 'data') return sendError(response, 404, 'The specified bucket does not exist.');
    if (upload !== undefined) return uploads.answer(request, response, url);
    if (name === undefined) return sendJson(response, listing(objects, url.searchParams));
    const key = decodeURIComponent(name);
    const object = objects.get(key);
    if (object === undefined) return sendError(response, 404, `No such object: data/${key}`);
    if (request.method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (url.searchParams.get('alt') === 'media') sendContent(request, response, object);
    else sendJson(response, resourceOf(key, object));
  }

  const server = await startLocalServer(answer);
  return {
    ...server,
    requireToken: (required) => {
      token = required;
    },
  };
}

function listing(objects: ReadonlyMap<string, GcsObject>, query: URLSearchParams): object {
  const { page, next } = pageOf(objects.keys(), {
    prefix: query.get('prefix') ?? '',
    token: query.get('pageToken'),
    size: Number(query.get('maxResults') ?? 1000),
  });
  const items = page.flatMap((name) => {
    const object = objects.get(name);
    return object === undefined ? [] : [resourceOf(name, object)];
  });
  return {
    kind: 'storage#objects',
    ...(items.length > 0 && { items }),
    ...(next !== undefined && { nextPageToken: next }),
  };
}

function sendContent(request: IncomingMessage, response: ServerResponse, object: GcsObject) {
  const { bytes, generation, contentType } = object;
  const range = rangeOf(request.headers.range, bytes.length);
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
