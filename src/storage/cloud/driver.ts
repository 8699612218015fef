import type { Readable } from 'node:stream';
import type { WattloopError } from '../../base/index.js';
import type { Part } from '../content/parts.js';
import type { ByteRange, ObjectInfo, StorageKind } from '../object-store.js';
import type { Attempt } from '../storage-error.js';

export interface WriteOptions {
  readonly contentType?: string | undefined;
  /** Where the server knows how to: it must refuse when there is such an object. */
  readonly ifAbsent: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What a server says of what it was sent. */
export interface Stored {
  readonly etag?: string | undefined;
  /** The checksum of the whole, in hexadecimal, where the server computed it itself. */
  readonly crc32c?: string | undefined;
  /** Seconds since 1970, where the server says. */
  readonly modifiedAt?: number | undefined;
}

export interface Opened {
  readonly body: Readable;
  readonly etag?: string | undefined;
  /** The checksum of the whole object, in hexadecimal, where the server keeps it. */
  readonly crc32c?: string | undefined;
}

/**
 * What a provider's client must do. What all have in common (keys, ranges, checksums, going on after a break) is `CloudStore`'s;
 * what fails may be thrown as it comes, `explain` says what it means.
 */
export interface CloudDriver {
  readonly kind: StorageKind;
  readonly address: string;
  /** The address and the server behind it, for messages. */
  readonly place: string;
  putWhole(key: string, part: Part, options: WriteOptions): Promise<Stored>;
  /** The object must not appear when the parts end in an error. */
  putParts(key: string, parts: AsyncIterable<Part>, options: WriteOptions): Promise<Stored>;
  /** Undefined when the range begins beyond the object's end. */
  open(
    key: string,
    range: ByteRange | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Opened | undefined>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Page by page, by key in the order of their bytes. */
  list(prefix: string): AsyncIterable<readonly ObjectInfo[]>;
  /** Those that are not there are no error. */
  delete(keys: readonly string[]): Promise<void>;
  explain(error: unknown, attempt: Attempt): WattloopError;
  close(): Promise<void>;
}
