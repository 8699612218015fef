import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { StorageSettings } from '../../model/index.js';
import type { ObjectStore } from '../../storage/index.js';
import type { ObjectPlace } from './input-part.js';

/** The stores that places speak of. `open` may be asked for the same one often: it should keep what it opened. */
export interface Stores {
  readonly run: ObjectStore;
  open(settings: StorageSettings): Promise<ObjectStore>;
}

/** An object that can be read in ranges, wherever it is. */
export interface OpenObject {
  /** For people. */
  readonly address: string;
  /** Undefined where there is no such object. */
  sizeBytes(): Promise<number | undefined>;
  /** The range must lie within the object. */
  read(start: number, end: number): Promise<Buffer>;
  stream(start: number, end?: number): Promise<AsyncIterable<Uint8Array>>;
}

export async function openObject(
  place: ObjectPlace,
  stores: Stores,
  signal?: AbortSignal,
): Promise<OpenObject> {
  if (place.in === 'file') return openFile(place.path, signal);
  const store = place.in === 'run' ? stores.run : await stores.open(place.storage);
  return inStore(store, place.key, signal);
}

function inStore(store: ObjectStore, key: string, signal: AbortSignal | undefined): OpenObject {
  const aborting = signal ? { signal } : {};
  return {
    address: `${store.address.replace(/\/$/, '')}/${key}`,
    sizeBytes: async () => (await store.head(key))?.sizeBytes,
    read: async (start, end) => {
      // An empty range is none that a server would understand.
      if (start >= end) return Buffer.alloc(0);
      const bytes = await store.get(key, { range: { start, end }, ...aborting });
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    stream: async (start, end) => {
      if (end !== undefined && start >= end) return nothing();
      return store.stream(key, { range: end === undefined ? { start } : { start, end }, ...aborting });
    },
  };
}

function openFile(path: string, signal: AbortSignal | undefined): OpenObject {
  return {
    address: path,
    sizeBytes: async () => {
      const found = await stat(path).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      return found?.size;
    },
    read: async (start, end) => {
      const file = await open(path);
      try {
        const buffer = Buffer.allocUnsafe(Math.max(0, end - start));
        let filled = 0;
        while (filled < buffer.length) {
          signal?.throwIfAborted();
          const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return buffer.subarray(0, filled);
      } finally {
        await file.close();
      }
    },
    stream: async (start, end) => {
      if (end !== undefined && start >= end) return nothing();
      // Node.js counts the last byte in.
      const range = end === undefined ? { start } : { start, end: end - 1 };
      return createReadStream(path, { ...range, highWaterMark: 1024 * 1024, ...(signal ? { signal } : {}) });
    },
  };
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

async function* nothing(): AsyncGenerator<Uint8Array> {}
