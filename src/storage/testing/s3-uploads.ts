import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { md5Of, type S3Object, sendError, sendXml, sumOf } from './s3-answers.js';

const LEAST_PART_BYTES = 5 * 1024 * 1024;

interface Upload {
  readonly contentType: string;
  readonly parts: Map<number, Buffer>;
}

/** Uploads in parts as S3 takes them, whose checksum is that of the whole object. */
export class S3Uploads {
  readonly #objects: Map<string, S3Object>;
  readonly #uploads = new Map<string, Upload>();

  constructor(objects: Map<string, S3Object>) {
    this.#objects = objects;
  }

  get open(): number {
    return this.#uploads.size;
  }

  answer(
    request: IncomingMessage,
    response: ServerResponse,
    key: string,
    query: URLSearchParams,
    body: Buffer,
  ) {
    if (query.has('uploads')) return this.#begin(request, response);
    const id = query.get('uploadId') ?? '';
    const upload = this.#uploads.get(id);
    if (upload === undefined) return sendError(response, 404, 'NoSuchUpload');
    if (request.method === 'PUT')
      return receive(upload, request, response, Number(query.get('partNumber')), body);
    if (request.method === 'DELETE') {
      this.#uploads.delete(id);
      response.writeHead(204).end();
      return;
    }
    const isRefused = request.headers['if-none-match'] === '*' && this.#objects.has(key);
    if (isRefused) return sendError(response, 412, 'PreconditionFailed');
    const object = whole(upload, body.toString());
    if (typeof object === 'string') return sendError(response, 400, object);
    this.#objects.set(key, object);
    this.#uploads.delete(id);
    sendXml(
      response,
      `<CompleteMultipartUploadResult><ETag>"${object.etag}"</ETag><ChecksumCRC32C>${object.crc32c}</ChecksumCRC32C><ChecksumType>FULL_OBJECT</ChecksumType></CompleteMultipartUploadResult>`,
    );
  }

  #begin(request: IncomingMessage, response: ServerResponse) {
    const algorithm = request.headers['x-amz-checksum-algorithm'];
    const type = request.headers['x-amz-checksum-type'];
    if (algorithm !== 'CRC32C' || type !== 'FULL_OBJECT') return sendError(response, 400, 'InvalidRequest');
    const id = randomUUID();
    const contentType = request.headers['content-type'] ?? 'binary/octet-stream';
    this.#uploads.set(id, { contentType, parts: new Map() });
    sendXml(
      response,
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }
}

function receive(
  upload: Upload,
  request: IncomingMessage,
  response: ServerResponse,
  number: number,
  body: Buffer,
) {
  const sum = sumOf(body);
  if (request.headers['x-amz-checksum-crc32c'] !== sum) return sendError(response, 400, 'BadDigest');
  upload.parts.set(number, body);
  response.writeHead(200, { etag: `"${md5Of(body)}"`, 'x-amz-checksum-crc32c': sum }).end();
}

/** The object that the listed parts make, or what is wrong with them. */
function whole({ parts, contentType }: Upload, list: string): S3Object | string {
  const listed = [...list.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)/.exec(part)?.[1]),
    etag: /<ETag>(?:&quot;|")?([0-9a-f]+)/.exec(part)?.[1],
    sum: /<ChecksumCRC32C>([^<]+)/.exec(part)?.[1],
  }));
  const bytes: Buffer[] = [];
  for (const [index, { number, etag, sum }] of listed.entries()) {
    const part = parts.get(number);
    if (part === undefined || md5Of(part) !== etag || sumOf(part) !== sum) return 'InvalidPart';
    if (number !== index + 1) return 'InvalidPartOrder';
    if (part.length < LEAST_PART_BYTES && index < listed.length - 1) return 'EntityTooSmall';
    bytes.push(part);
  }
  const content = Buffer.concat(bytes);
  const etag = `${md5Of(Buffer.concat(bytes.map((part) => Buffer.from(md5Of(part), 'hex'))))}-${bytes.length}`;
  return { bytes: content, modified: new Date(), contentType, crc32c: sumOf(content), etag };
}
