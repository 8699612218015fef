import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { crc32c, crc32cHex, hexToBase64 } from '../content/crc32c.js';

export interface S3Object {
  readonly bytes: Buffer;
  readonly modified: Date;
  readonly contentType: string;
  readonly crc32c: string;
  /** Of what came in parts; else it is the MD5. */
  readonly etag?: string;
}

export const sumOf = (bytes: Uint8Array): string => hexToBase64(crc32cHex(crc32c(bytes)));
export const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

export function storedHeaders({ bytes, modified, contentType, crc32c: sum, etag = md5Of(bytes) }: S3Object) {
  return {
    etag: `"${etag}"`,
    'last-modified': modified.toUTCString(),
    'content-type': contentType,
    'x-amz-checksum-crc32c': sum,
    'x-amz-checksum-type': 'FULL_OBJECT',
  };
}

export function sendXml(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}

export function sendError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );
}
