import { Readable } from 'node:stream';
import { ErrorCode, WattloopError } from '../../base/index.js';
import type { GetOptions, ObjectBody, ObjectInfo, ObjectStore, PutOptions } from '../../storage/index.js';

async function bytesOf(body: ObjectBody): Promise<Buffer> {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A store that is a Map, and remembers what was read of it. */
export class MemoryStore implements ObjectStore {
  readonly kind = 'file';
  readonly address = 'memory:';
  readonly objects = new Map<string, Buffer>();
  readonly reads: { readonly key: string; readonly bytes: number }[] = [];

  async put(key: string, body: ObjectBody, options: PutOptions = {}): Promise<ObjectInfo> {
    if (options.ifAbsent && this.objects.has(key)) throw new WattloopError(ErrorCode.alreadyExists, key);
    this.objects.set(key, await bytesOf(body));
    return this.#info(key);
  }

  async get(key: string, { range }: GetOptions = {}): Promise<Uint8Array> {
    const bytes = Buffer.from(this.#object(key).subarray(range?.start ?? 0, range?.end));
    this.reads.push({ key, bytes: bytes.length });
    return bytes;
  }

  async stream(key: string, options: GetOptions = {}): Promise<Readable> {
    const bytes = await this.get(key, options);
    // In small pieces, so that whoever reads it meets ends of pieces within what it looks for.
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
      bytes.subarray(i * 7, i * 7 + 7),
    );
    return Readable.from(pieces, { objectMode: false });
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    return this.objects.has(key) ? this.#info(key) : undefined;
  }

  async *list(prefix = ''): AsyncGenerator<ObjectInfo> {
    for (const key of [...this.objects.keys()].sort()) if (key.startsWith(prefix)) yield this.#info(key);
  }

  async delete(key: string): Promise<void> {
    this.objects.delete(key);
  }

  async deleteAll(prefix: string): Promise<number> {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys) this.objects.delete(key);
    return keys.length;
  }

  async close(): Promise<void> {}

  #object(key: string): Buffer {
    const bytes = this.objects.get(key);
    if (!bytes) throw new WattloopError(ErrorCode.notFound, `there is no object ${key}`);
    return bytes;
  }

  #info(key: string): ObjectInfo {
    return { key, sizeBytes: this.#object(key).length, modifiedAt: 0 };
  }
}
