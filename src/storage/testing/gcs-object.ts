import { crc32c, crc32cHex, hexToBase64 } from '../content/crc32c.js';

export interface GcsObject {
  readonly bytes: Buffer;
  readonly generation: string;
  readonly contentType: string;
  readonly updated: string;
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

export const sumOf = (bytes: Uint8Array): string => hexToBase64(crc32cHex(crc32c(bytes)));
