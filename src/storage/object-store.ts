import type { Readable } from 'node:stream';

/**
 * Bytes from `start` up to and not including `end`; to the end of the object where that is left out. What lies beyond the
 * end of the object is not there: the answer is shorter, and empty when all of it does.
 */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly modifiedAt: number;
  /** As the store names the content: another one when the content is another. */
  readonly etag?: string;
  /** CRC-32C of the content in hexadecimal, where the store keeps it. */
  readonly crc32c?: string;
}

/** What can be written as an object: at once, or as a stream of unknown length. */
export type ObjectBody = Uint8Array | string | Readable | AsyncIterable<Uint8Array>;

export interface PutOptions {
  readonly contentType?: string;
  /** Refuses, with the code `already_exists`, when there is such an object. */
  readonly ifAbsent?: boolean;
  /** What the CRC-32C of the content must be, in hexadecimal: refused when it is another, and nothing is kept. */
  readonly crc32c?: string;
  readonly signal?: AbortSignal;
}

export interface GetOptions {
  readonly range?: ByteRange;
  /** What the CRC-32C of what is read must be, in hexadecimal: fails when it is another. */
  readonly crc32c?: string;
  readonly signal?: AbortSignal;
}

/**
 * Where data lives: objects by key, whatever holds them. Keys are paths with `/`, without a leading one and without `.`
 * or `..` as a part; no key may be a folder of another one's. An object appears whole or not at all. What fails is a
 * WattloopError that names key and store: `not_found`, `already_exists`, `permission_denied`, `bad_input` (the key, the
 * range, or the source of the body), `cancelled` (by the signal), or else `storage_failed`.
 */
export interface ObjectStore {
  readonly kind: StorageKind;
  /** For people: `s3://bucket/prefix`. */
  readonly address: string;
  /** Writes the object and checks that what arrived is what was sent. Large streams go in parts. */
  put(key: string, body: ObjectBody, options?: PutOptions): Promise<ObjectInfo>;
  get(key: string, options?: GetOptions): Promise<Uint8Array>;
  stream(key: string, options?: GetOptions): Promise<Readable>;
  /** Undefined when there is no such object. */
  head(key: string): Promise<ObjectInfo | undefined>;
  /** By key, in the order of their bytes. */
  list(prefix?: string): AsyncIterable<ObjectInfo>;
  /** It is no error that there is none. */
  delete(key: string): Promise<void>;
  /** Deletes all objects whose keys begin so, and says how many there were. */
  deleteAll(prefix: string): Promise<number>;
  close(): Promise<void>;
}

export const STORAGE_KINDS = ['file', 's3', 'gcs', 'azure'] as const;
export type StorageKind = (typeof STORAGE_KINDS)[number];
