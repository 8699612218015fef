import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32c, crc32cHex, hexToBase64 } from '../content/crc32c.js';
import { sendError, sendJson } from './gcs-answers.js';
import { type GcsObject, resourceOf } from './gcs-object.js';
import { readAll } from './http-server.js';

/** What an upload says of its object before the content comes. */
interface Wanted {
  readonly name: string;
  readonly contentType: string;
  readonly crc32c?: string | undefined;
  readonly mustBeAbsent: boolean;
}

interface Session extends Wanted {
  received: Buffer[];
  sizeBytes: number;
}

interface Resource {
  readonly name?: string;
  readonly contentType?: string;
  readonly crc32c?: string;
}

/** Uploads as Google Cloud Storage takes them: at once as multipart/related, or resumable, chunk by chunk. */
export class GcsUploads {
  readonly #objects: Map<string, GcsObject>;
  readonly #sessions = new Map<string, Session>();
  #generation = Date.now() * 1000;

  constructor(objects: Map<string, GcsObject>) {
    this.#objects = objects;
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const session = url.searchParams.get('upload_id');
    const body = await readAll(request);
    if (session !== null) return this.#receive(session, request, body, response);
    const type = url.searchParams.get('uploadType');
    if (type === 'multipart') {
      const [resource, content, contentType] = multipartOf(request.headers['content-type'] ?? '', body);
      return this.#finish(wantedOf(resource, url, contentType), content, response);
    }
    if (type !== 'resumable') return sendError(response, 400, `Upload type ${type} is not supported`);
    const resource = body.length > 0 ? (JSON.parse(body.toString()) as Resource) : {};
    const header = request.headers['x-upload-content-type'];
    const wanted = wantedOf(resource, url, typeof header === 'string' ? header : undefined);
    if (this.#refuses(wanted, response)) return;
    const id = randomUUID();
    this.#sessions.set(id, { ...wanted, received: [], sizeBytes: 0 });
    url.searchParams.set('upload_id', id);
    response.writeHead(200, { location: url.toString() }).end();
  }

  #receive(id: string, request: IncomingMessage, body: Buffer, response: ServerResponse) {
    const session = this.#sessions.get(id);
    if (session === undefined) return sendError(response, 404, 'No such upload');
    const header = request.headers['content-range'] ?? '';
    const [, from, total] = /^bytes (?:(\d+)-\d+|\*|\d+-\*)\/(\d+|\*)$/.exec(header) ?? [];
    if (total === undefined) return sendError(response, 400, `Invalid Content-Range: ${header}`);
    if (from !== undefined && Number(from) !== session.sizeBytes) {
      return sendError(response, 400, `Expected byte ${session.sizeBytes}, got ${from}`);
    }
    session.received.push(body);
    session.sizeBytes += body.length;
    if (total === '*' || Number(total) > session.sizeBytes) {
      if (session.sizeBytes % (256 * 1024) !== 0) return sendError(response, 400, 'Chunks are of 256 KiB');
      const range = session.sizeBytes > 0 ? { range: `bytes=0-${session.sizeBytes - 1}` } : {};
      response.writeHead(308, range).end();
      return;
    }
    this.#sessions.delete(id);
    this.#finish(session, Buffer.concat(session.received), response);
  }

  #finish(wanted: Wanted, bytes: Buffer, response: ServerResponse) {
    if (this.#refuses(wanted, response)) return;
    const found = hexToBase64(crc32cHex(crc32c(bytes)));
    if (wanted.crc32c !== undefined && wanted.crc32c !== found) {
      return sendError(
        response,
        400,
        `Provided CRC32C "${wanted.crc32c}" doesn't match calculated CRC32C "${found}".`,
      );
    }
    const object: GcsObject = {
      bytes,
      generation: String(this.#generation++),
      contentType: wanted.contentType,
      updated: new Date().toISOString(),
    };
    this.#objects.set(wanted.name, object);
    sendJson(response, resourceOf(wanted.name, object));
  }

  #refuses({ mustBeAbsent, name }: Wanted, response: ServerResponse): boolean {
    if (!mustBeAbsent || !this.#objects.has(name)) return false;
    sendError(response, 412, 'At least one of the pre-conditions you specified did not hold.');
    return true;
  }
}

const wantedOf = (resource: Resource, url: URL, contentType: string | undefined): Wanted => ({
  name: url.searchParams.get('name') ?? resource.name ?? '',
  contentType: resource.contentType ?? contentType ?? 'application/octet-stream',
  crc32c: resource.crc32c,
  mustBeAbsent: url.searchParams.get('ifGenerationMatch') === '0',
});

/** The two parts of a multipart/related body: what the object is, and its content with its type. */
function multipartOf(type: string, body: Buffer): [Resource, Buffer, string | undefined] {
  const boundary = `--${/boundary="?([^";]+)/.exec(type)?.[1] ?? ''}`;
  const first = body.indexOf(boundary) + boundary.length;
  const second = body.indexOf(boundary, first);
  const last = body.lastIndexOf(`\r\n${boundary}--`);
  const jsonAt = body.indexOf('\r\n\r\n', first) + 4;
  const headEnd = body.indexOf('\r\n\r\n', second);
  const head = body.subarray(second, headEnd).toString();
  const resource = JSON.parse(body.subarray(jsonAt, second).toString()) as Resource;
  return [resource, body.subarray(headEnd + 4, last), /content-type:\s*([^\r\n]+)/i.exec(head)?.[1]];
}
