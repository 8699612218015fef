import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crc32c, crc32cHex } from '../content/crc32c.js';
import { compareKeys } from '../key.js';
import type { ByteRange, ObjectInfo, ObjectStore } from '../object-store.js';
import { withPrefix } from '../with-prefix.js';

const MIB = 1024 * 1024;

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const sumOf = (bytes: Uint8Array): string => crc32cHex(crc32c(bytes));

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const read = async (stream: Readable): Promise<Buffer> =>
  Buffer.concat(await all(stream as AsyncIterable<Uint8Array>));
const keysOf = (infos: readonly ObjectInfo[]): string[] => infos.map(({ key }) => key);

/** In pieces of an odd size, as they come from a network. */
async function* pieces(bytes: Uint8Array, pieceBytes = 100_003): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** What servers that tests are run against do wrong. */
export interface Quirks {
  readonly hangsOnRangesOfNothing?: boolean;
  /** Of two who write an object at the same time, it keeps the content of one and what is known of it of the other. */
  readonly mixesRacingWrites?: boolean;
}

/** What every store does, whatever holds its objects. `openStore` gives one that is empty; it is closed at the end. */
export function describeStore(
  name: string,
  openStore: () => Promise<ObjectStore>,
  quirks: Quirks = {},
): void {
  describe(`${name}, as every store`, () => {
    let whole: ObjectStore;
    let tests = 0;
    // Each test has a place of its own, so that none sees what another left.
    const place = (): ObjectStore => withPrefix(whole, `t${tests++}`);
    beforeAll(async () => {
      whole = await openStore();
    });
    afterAll(() => whole?.close());

    it('gives back what was put, and says what that is', async () => {
      const store = place();
      const bytes = randomBytes(2000);
      const before = Date.now() / 1e3;
      const put = await store.put('a/b.bin', bytes, { contentType: 'application/x-test' });
      expect(put).toMatchObject({ key: 'a/b.bin', sizeBytes: 2000, crc32c: sumOf(bytes) });
      expect(Buffer.from(await store.get('a/b.bin'))).toEqual(bytes);
      expect(await read(await store.stream('a/b.bin'))).toEqual(bytes);
      const head = await store.head('a/b.bin');
      expect(head).toMatchObject({ key: 'a/b.bin', sizeBytes: 2000 });
      expect([undefined, sumOf(bytes)]).toContain(head?.crc32c);
      expect(head?.etag).toBe(put.etag);
      // Stores tell time to the second.
      expect(head?.modifiedAt).toBeGreaterThan(before - 2);
      expect(head?.modifiedAt).toBeLessThan(before + 60);
    });

    it('takes text, nothing, and a stream of nothing', async () => {
      const store = place();
      await store.put('text', 'grün 🌱');
      expect(textOf(await store.get('text'))).toBe('grün 🌱');
      for (const [key, body] of [
        ['empty', new Uint8Array()],
        ['empty-stream', Readable.from([])],
      ] as const) {
        expect(await store.put(key, body)).toMatchObject({ sizeBytes: 0, crc32c: '00000000' });
        expect(await store.head(key)).toMatchObject({ sizeBytes: 0 });
        expect(await store.get(key)).toHaveLength(0);
        if (!quirks.hangsOnRangesOfNothing) {
          expect(await store.get(key, { range: { start: 0, end: 10 } })).toHaveLength(0);
        }
        expect(await read(await store.stream(key))).toHaveLength(0);
      }
    });

    it('replaces an object as a whole', async () => {
      const store = place();
      const first = await store.put('a', 'a longer text');
      const second = await store.put('a', 'short');
      expect(second.etag).not.toBe(first.etag);
      expect(textOf(await store.get('a'))).toBe('short');
    });

    it('gives ranges as an array would', async () => {
      const store = place();
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      await store.put('bytes', bytes);
      const check = async (range: ByteRange): Promise<void> => {
        const wanted = bytes.subarray(range.start, range.end);
        expect(Buffer.from(await store.get('bytes', { range }))).toEqual(wanted);
        expect(await read(await store.stream('bytes', { range }))).toEqual(wanted);
      };
      for (const range of [
        { start: 0 },
        { start: 255 },
        { start: 256 },
        { start: 999 },
        { start: 3, end: 3 },
        { start: 0, end: 1 },
        { start: 250, end: 999 },
        { start: 999, end: 1000 },
      ]) {
        await check(range);
      }
      const someRange = fc
        .tuple(fc.nat(300), fc.nat(300))
        .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
      await fc.assert(fc.asyncProperty(someRange, check), { numRuns: 10 });
    });

    it.each([{ start: -1 }, { start: 2, end: 1 }, { start: 0.5 }, { start: 0, end: Number.NaN }])(
      'refuses the range %j',
      async (range) => {
        const store = place();
        await store.put('a', 'text');
        await expect(store.get('a', { range })).rejects.toMatchObject({ code: 'bad_input' });
        await expect(store.stream('a', { range })).rejects.toMatchObject({ code: 'bad_input' });
      },
    );

    it('says that an object is not there, by its key', async () => {
      const store = place();
      const refusal = { code: 'not_found', message: expect.stringContaining('nowhere/a') };
      await expect(store.get('nowhere/a')).rejects.toMatchObject(refusal);
      await expect(store.get('nowhere/a', { range: { start: 0, end: 0 } })).rejects.toMatchObject(refusal);
      await expect(store.stream('nowhere/a')).rejects.toMatchObject(refusal);
      expect(await store.head('nowhere/a')).toBeUndefined();
      await store.delete('nowhere/a');
      expect(await store.deleteAll('nowhere/')).toBe(0);
      expect(await all(store.list('nowhere/'))).toEqual([]);
    });

    it('lists by the bytes of keys, below a prefix', async () => {
      const store = place();
      // The order of folders (a-b after a/), of JavaScript's strings (🌱 before ﬀ) and of bytes differ here.
      const keys = ['a-b', 'a.b/c', 'a/b', 'a/c/d', 'a0', 'B', 'b/ﬀ', 'b/🌱', 'b/é', 'b/z'];
      for (const key of keys) await store.put(key, key);
      const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      const found = await all(store.list());
      expect(keysOf(found)).toEqual(sorted);
      for (const { key, sizeBytes } of found) expect(sizeBytes).toBe(Buffer.byteLength(key));
      expect(keysOf(await all(store.list('a')))).toEqual(sorted.filter((key) => key.startsWith('a')));
      expect(keysOf(await all(store.list('a/')))).toEqual(['a/b', 'a/c/d']);
      expect(keysOf(await all(store.list('b/')))).toEqual(['b/z', 'b/é', 'b/ﬀ', 'b/🌱']);
      expect(keysOf(await all(store.list('a/c/d')))).toEqual(['a/c/d']);
    });

    it('lists more than a page', { timeout: 120_000 }, async () => {
      const store = place();
      const keys = Array.from({ length: 1203 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
      for (let at = 0; at < keys.length; at += 50) {
        await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, key)));
      }
      expect(keysOf(await all(store.list('many/')))).toEqual(keys);
      let first: string | undefined;
      for await (const { key } of store.list('many/')) {
        first = key;
        break;
      }
      expect(first).toBe(keys[0]);
      expect(await store.deleteAll('many/0')).toBe(1203);
      expect(await all(store.list())).toEqual([]);
    });

    it('deletes one, and all below a prefix', async () => {
      const store = place();
      for (const key of ['run/1/a', 'run/1/b', 'run/10/a', 'run/2']) await store.put(key, key);
      await store.delete('run/2');
      await expect(store.get('run/2')).rejects.toMatchObject({ code: 'not_found' });
      expect(await store.deleteAll('run/1/')).toBe(2);
      expect(keysOf(await all(store.list()))).toEqual(['run/10/a']);
      expect(await store.deleteAll('')).toBe(1);
      // What was a folder may be an object now.
      await store.put('run', 'text');
      expect(textOf(await store.get('run'))).toBe('text');
    });

    it('writes only if absent, when asked so', async () => {
      const store = place();
      await store.put('once', 'first', { ifAbsent: true });
      const refusal = { code: 'already_exists', message: expect.stringContaining('once') };
      await expect(store.put('once', 'second', { ifAbsent: true })).rejects.toMatchObject(refusal);
      await expect(store.put('once', pieces(randomBytes(300_000)), { ifAbsent: true })).rejects.toMatchObject(
        refusal,
      );
      expect(textOf(await store.get('once'))).toBe('first');
    });

    it.each([
      'with space',
      ' lead and trail ',
      '100% sure?',
      '%41%2F%2e%2e',
      'a+b&c=d#e;f',
      'ümläut/日本語/🌱',
      'quote\'"<>`{}[]|^~$@!*(),:',
      '.hidden/..dots../...',
      'x'.repeat(200),
    ])('keeps the key %j', async (key) => {
      const store = place();
      await store.put(key, key);
      expect(textOf(await store.get(key))).toBe(key);
      expect(await store.head(key)).toMatchObject({ key });
      expect(keysOf(await all(store.list()))).toEqual([key]);
      expect(keysOf(await all(store.list(key)))).toEqual([key]);
      expect(await store.deleteAll(key)).toBe(1);
      expect(await store.head(key)).toBeUndefined();
    });

    it.each(['../../etc/passwd', 'a\\b', 'a\nb', 'a//b', 'a/./b', 'a/..', '/', '\ud800', 'x'.repeat(1100)])(
      'refuses the key %j everywhere',
      async (key) => {
        const store = place();
        const refusal = { code: 'bad_input' };
        await expect(store.put(key, '')).rejects.toMatchObject(refusal);
        await expect(store.get(key)).rejects.toMatchObject(refusal);
        await expect(store.stream(key)).rejects.toMatchObject(refusal);
        await expect(store.head(key)).rejects.toMatchObject(refusal);
        await expect(store.delete(key)).rejects.toMatchObject(refusal);
      },
    );

    it('takes a large stream whose length nobody knows, and large bytes', { timeout: 120_000 }, async () => {
      const store = place();
      const bytes = randomBytes(20 * MIB + 12_345);
      const put = await store.put('large', pieces(bytes));
      expect(put).toMatchObject({ sizeBytes: bytes.length, crc32c: sumOf(bytes) });
      expect((await read(await store.stream('large'))).equals(bytes)).toBe(true);
      const range = { start: 8 * MIB - 10, end: 8 * MIB + 10 };
      expect(Buffer.from(await store.get('large', { range }))).toEqual(
        bytes.subarray(range.start, range.end),
      );
      expect(await store.head('large')).toMatchObject({ sizeBytes: bytes.length });
      await store.put('large', bytes);
      expect(Buffer.from(await store.get('large', { crc32c: sumOf(bytes) })).equals(bytes)).toBe(true);
    });

    it('keeps nothing of what has another checksum than it should', { timeout: 120_000 }, async () => {
      const store = place();
      const right = sumOf(Buffer.from('text'));
      await store.put('a', 'text', { crc32c: right });
      for (const body of ['TEXT', pieces(Buffer.from('TEXT')), pieces(randomBytes(9 * MIB))]) {
        await expect(store.put('b', body, { crc32c: right })).rejects.toMatchObject({
          code: 'storage_failed',
          message: expect.stringContaining('checksum'),
        });
      }
      expect(keysOf(await all(store.list()))).toEqual(['a']);
    });

    it('tells when what is read has another checksum than it should', async () => {
      const store = place();
      const bytes = randomBytes(200_000);
      await store.put('a', bytes);
      const refusal = { code: 'storage_failed', message: expect.stringContaining(sumOf(bytes)) };
      for (const range of [undefined, { start: 0 }]) {
        const options = { crc32c: '12345678', ...(range && { range }) };
        await expect(store.get('a', options)).rejects.toMatchObject(refusal);
        await expect(store.stream('a', options).then(read)).rejects.toMatchObject(refusal);
      }
      expect(await store.get('a', { crc32c: sumOf(bytes) })).toHaveLength(200_000);
      const range = { start: 10, end: 20 };
      await store.get('a', { range, crc32c: sumOf(bytes.subarray(10, 20)) });
    });

    it('keeps nothing of a stream that fails, and says that it was the stream', async () => {
      const store = place();
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield randomBytes(9 * MIB);
        throw new Error('the camera went away');
      }
      const refusal = { code: 'bad_input', message: expect.stringContaining('the camera went away') };
      await expect(store.put('a', broken())).rejects.toMatchObject(refusal);
      await expect(store.put('a', Readable.from([1, 2]))).rejects.toMatchObject({ code: 'bad_input' });
      expect(await all(store.list())).toEqual([]);
    });

    it('stops when it is told to, and keeps nothing', async () => {
      const store = place();
      const stop = new AbortController();
      async function* endless(): AsyncGenerator<Uint8Array> {
        yield randomBytes(9 * MIB);
        stop.abort();
        await new Promise(() => undefined);
      }
      const refusal = { code: 'cancelled' };
      await expect(store.put('a', endless(), { signal: stop.signal })).rejects.toMatchObject(refusal);
      await expect(store.put('a', 'text', { signal: stop.signal })).rejects.toMatchObject(refusal);
      expect(await all(store.list())).toEqual([]);
      await store.put('a', randomBytes(3 * MIB));
      await expect(store.get('a', { signal: stop.signal })).rejects.toMatchObject(refusal);
      await expect(store.stream('a', { signal: stop.signal })).rejects.toMatchObject(refusal);
      const later = new AbortController();
      const stream = await store.stream('a', { signal: later.signal });
      for await (const _ of stream) break;
      const again = await store.stream('a', { signal: later.signal });
      later.abort();
      await expect(read(again)).rejects.toMatchObject(refusal);
    });

    it('lets many be written and read at once', async () => {
      const store = place();
      const keys = Array.from({ length: 40 }, (_, index) => `p/${index}`);
      await Promise.all(keys.map((key) => store.put(key, key.repeat(1000))));
      const texts = await Promise.all(keys.map(async (key) => textOf(await store.get(key))));
      expect(texts).toEqual(keys.map((key) => key.repeat(1000)));
      if (quirks.mixesRacingWrites) return;
      const same = await Promise.all(
        keys.map((key) =>
          store.put('p/same', key, { ifAbsent: true }).then(
            () => key,
            () => undefined,
          ),
        ),
      );
      const winners = same.filter((key) => key !== undefined);
      expect(winners.length).toBeGreaterThan(0);
      expect(winners).toContain(textOf(await store.get('p/same')));
    });

    it('keeps sorting as it sorts itself', async () => {
      const keys = keysOf(await all(whole.list()));
      expect(keys).toEqual(keys.toSorted(compareKeys));
    });
  });
}
