import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import { openStorage } from '../../storage/index.js';
import { MemoryStore } from '../testing/memory-store.js';
import type { ShuffleOutput } from './input-part.js';
import { hashOfKey } from './key-hash.js';
import { HEADER_BYTES } from './partition-format.js';
import { PartitionReader } from './partition-reader.js';
import { readInput } from './read-input.js';
import { writePartition } from './write-partition.js';

const noStores = (run: MemoryStore) => ({ run, open: () => Promise.reject(new Error('no other store')) });

async function roundTrip(value: unknown, shuffles: readonly ShuffleOutput[] = []): Promise<unknown> {
  const store = new MemoryStore();
  await writePartition(store, 'p', value, { shuffles });
  return readInput({ kind: 'partition', key: 'p' }, noStores(store));
}
const byValue = (buckets: number): ShuffleOutput => ({ name: 's', key: (x) => x as number, buckets });
const refusal = async (work: Promise<unknown>): Promise<{ code: string; line: string }> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'WattloopError' });
  return error as { code: string; line: string };
};

function withHole(list: unknown[], index: number): unknown[] {
  delete list[index];
  return list;
}

/** Longer than one block. */
const longList = Array.from({ length: 30_000 }, (_, index) => ({ index, text: `element ${index}` }));

describe('writePartition', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', -0],
    ['a bigint', 12_345_678_901_234_567_890n],
    ['text', 'süß 🔋'],
    ['a Map', new Map<unknown, unknown>([[{ a: 1 }, new Set([1, 'b'])]])],
    ['a Date', new Date(1234)],
    ['typed arrays', { floats: new Float64Array([1, Number.NaN]), big: new BigInt64Array([-1n]) }],
    ['a list with undefined', [1, undefined, null, Number.NaN]],
    ['a list with holes', withHole([1, 2, 3], 1)],
    ['an empty list', []],
    ['a sparse list', Object.assign([], { 900000: 'far' })],
    ['a list with properties', Object.assign([1, 2], { total: 3 })],
    ['lists in lists', [[1], [[]]]],
  ])('keeps %s', async (_, value) => {
    expect(await roundTrip(value)).toStrictEqual(value);
  });

  it('keeps holes apart from undefined', async () => {
    const list = (await roundTrip(withHole([undefined, 2, 1], 1))) as unknown[];
    expect([0 in list, 1 in list, list.length]).toEqual([true, false, 3]);
  });

  it('keeps bytes as they are, and Buffers as Buffers', async () => {
    const bytes = await roundTrip(new Uint8Array([1, 2, 3]));
    expect(bytes).toEqual(new Uint8Array([1, 2, 3]));
    expect(Buffer.isBuffer(bytes)).toBe(false);
    expect(Buffer.isBuffer(await roundTrip(Buffer.from('abc')))).toBe(true);
    expect(await roundTrip(new Uint8Array(0))).toEqual(new Uint8Array(0));
  });

  it('gives typed arrays memory of their own', async () => {
    const { floats, view } = (await roundTrip({
      floats: new Float32Array([1, 2]),
      view: new DataView(new ArrayBuffer(3)),
    })) as { floats: Float32Array; view: DataView };
    expect([floats.buffer.byteLength, view.buffer.byteLength]).toEqual([8, 3]);
  });

  it('keeps circles', async () => {
    const list: unknown[] = [1];
    list.push(list);
    const read = (await roundTrip(list)) as unknown[];
    expect(read[1]).toBe(read);
  });

  it('keeps long lists, also those of which blocks would be no part', async () => {
    expect(await roundTrip(longList)).toStrictEqual(longList);
    const holes = longList.slice();
    delete holes[17];
    expect(await roundTrip(holes)).toStrictEqual(holes);
    const named = Object.assign(longList.slice(), { total: 7 });
    expect(await roundTrip(named)).toStrictEqual(named);
    const empty = new Array<number>(200_000).fill(1.5);
    expect(await roundTrip(empty)).toStrictEqual(empty);
  });

  it('does not multiply what many elements share', async () => {
    const store = new MemoryStore();
    const graph = { nodes: longList };
    const { bytes } = await writePartition(
      store,
      'p',
      Array.from({ length: 1_000 }, () => ({ graph })),
    );
    const { bytes: once } = await writePartition(store, 'q', graph);
    expect(bytes).toBeLessThan(once * 1.1);
  });

  it('keeps whatever a structured clone keeps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
        }),
        async (value) => {
          expect(await roundTrip(value)).toEqual(structuredClone(value));
        },
      ),
    );
  });

  it('says how many elements there are', async () => {
    const store = new MemoryStore();
    expect(await writePartition(store, 'p', longList)).toEqual({
      bytes: store.objects.get('p')?.length,
      elements: 30_000,
    });
    expect(await writePartition(store, 'p', 7)).toEqual({ bytes: store.objects.get('p')?.length });
  });

  it.each([
    [() => 1, 'result is a function'],
    [
      { items: [1, { 'on-click': function clicked() {} }] },
      'result.items[1]["on-click"] is a function (clicked)',
    ],
    [withHole([1, 2, Symbol('s')], 1), 'result[2] is a symbol (Symbol(s))'],
    [{ a: Promise.resolve() }, 'result.a is a promise'],
    [new Map([['x', new WeakMap()]]), 'result.get("x") is a WeakMap'],
    [new Map([[() => 1, 1]]), 'result.keys()[0] is a function'],
    [new Set([1, new WeakRef({})]), 'result.values()[1] is a WeakRef'],
    [{ p: new Proxy({ a: 1 }, {}) }, 'result.p is a proxy'],
    [{ g: (function* () {})() }, 'result.g is a Generator'],
    [Object.assign([1], { f: () => 1 }), 'result.f is a function'],
  ])('says where a value is that can’t be stored: %o', async (value, message) => {
    const store = new MemoryStore();
    const error = await refusal(writePartition(store, 'p', value, { where: 'stage "sample", partition 3' }));
    expect(error.code).toBe('not_serialisable');
    expect(error.line).toContain(`stage "sample", partition 3: ${message}`);
    expect(store.objects.size).toBe(0);
  });

  it('finds the culprit in circles, and refuses what is nested too deeply', async () => {
    const parent: Record<string, unknown> = { name: 'parent' };
    parent.children = [{ parent }, { parent, callback: () => 1 }];
    const circle = await refusal(writePartition(new MemoryStore(), 'p', parent));
    expect(circle.line).toContain('result.children[1].callback is a function');
    let deep: unknown = 1;
    for (let level = 0; level < 1e6; level++) deep = [deep];
    expect(await refusal(writePartition(new MemoryStore(), 'p', { deep }))).toMatchObject({
      code: 'not_serialisable',
      line: expect.stringContaining('nested too deeply'),
    });
  });
});

describe('slices of a partition', () => {
  it('reads every element once and in order, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(200),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        async (size, inner) => {
          const list = Array.from({ length: size }, (_, index) => index);
          const store = new MemoryStore();
          await writePartition(store, 'p', list);
          const reader = new PartitionReader(store);
          const cuts = [0, ...inner.toSorted((a, b) => a - b), 1];
          const read: unknown[] = [];
          for (let i = 0; i + 1 < cuts.length; i++)
            read.push(...(await reader.slice('p', cuts[i] ?? 0, cuts[i + 1] ?? 1)));
          expect(read).toEqual(list);
        },
      ),
    );
  });

  it('reads no more than the blocks that it needs', async () => {
    const store = new MemoryStore();
    const { bytes } = await writePartition(store, 'p', longList);
    const reader = new PartitionReader(store);
    const parts = await Promise.all(
      Array.from({ length: 10 }, (_, i) => reader.slice('p', i / 10, (i + 1) / 10)),
    );
    expect(parts.flat()).toStrictEqual(longList);
    const read = store.reads.reduce((sum, { bytes: some }) => sum + some, 0);
    expect(read / bytes).toBeLessThan(2.5);
  });

  it('refuses what is no list', async () => {
    const store = new MemoryStore();
    await writePartition(store, 'runs/r/s/0', 5);
    const error = await refusal(new PartitionReader(store).slice('runs/r/s/0', 0, 1));
    expect(error).toMatchObject({ code: 'bad_input', line: expect.stringContaining('runs/r/s/0') });
  });
});

describe('buckets of a partition', () => {
  it('gives every element to one bucket, in order, beside the whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.integer(), fc.string(), fc.double())),
        fc.integer({ min: 1, max: 9 }),
        async (list, n) => {
          const store = new MemoryStore();
          await writePartition(store, 'p', list, {
            shuffles: [byValue(n), { name: 'all', key: () => 1, buckets: 2 }],
          });
          const reader = new PartitionReader(store);
          const buckets = await Promise.all(
            Array.from({ length: n }, (_, bucket) => reader.bucket('p', 's', bucket)),
          );
          buckets.forEach((elements, bucket) => {
            expect(elements).toEqual(list.filter((element) => (hashOfKey(element) ?? 0) % n === bucket));
          });
          expect(await reader.whole('p')).toEqual(list);
        },
      ),
    );
  });

  it('reads a bucket without the others', async () => {
    const store = new MemoryStore();
    const buckets = 50;
    const key = (element: unknown) => (element as { index: number }).index;
    const { bytes } = await writePartition(store, 'p', longList, { shuffles: [{ name: 's', key, buckets }] });
    await new PartitionReader(store).bucket('p', 's', 7);
    expect(store.reads.reduce((sum, read) => sum + read.bytes, 0)).toBeLessThan(bytes / 20);
  });

  it('reads a bucket from an index that is longer than what is asked for first', async () => {
    const store = new MemoryStore();
    await writePartition(store, 'p', [1, 2, 3], { shuffles: [byValue(5_000)] });
    const bucket = (hashOfKey(2) ?? 0) % 5_000;
    expect(await new PartitionReader(store).bucket('p', 's', bucket)).toEqual([2]);
  });

  it('refuses keys that are no keys, and results that are no lists', async () => {
    const key = () => ({}) as string;
    const shuffles = [{ name: 'by-user', key, buckets: 2 }];
    expect((await refusal(writePartition(new MemoryStore(), 'p', [1], { shuffles }))).line).toContain(
      'the key of shuffle "by-user" is an object for result[0]',
    );
    expect((await refusal(writePartition(new MemoryStore(), 'p', 7, { shuffles }))).line).toContain(
      'the result is a number; a shuffle needs a list',
    );
  });
});

describe('partitions in a store of files', () => {
  it('are read in the same ways', async () => {
    const settings = settingsSchema.parse({}).storage;
    const store = await openStorage(settings, {
      dataDir: mkdtempSync(join(tmpdir(), 'wattloop-partition-')),
    });
    const shuffles = [byValue(3)];
    await writePartition(store, 'runs/r/small/0', [1, 2, 3], { shuffles });
    await writePartition(store, 'runs/r/long/0', longList);
    // Above what goes to the store at once.
    const bytes = new Uint8Array(5 * 1024 * 1024).fill(7);
    await writePartition(store, 'runs/r/bytes/0', bytes);
    const reader = new PartitionReader(store);
    const buckets = await Promise.all(
      [0, 1, 2].map((bucket) => reader.bucket('runs/r/small/0', 's', bucket)),
    );
    expect(buckets.flat().toSorted()).toEqual([1, 2, 3]);
    expect(await reader.slice('runs/r/small/0', 0.5, 1)).toEqual([3]);
    expect(await reader.slice('runs/r/long/0', 0.5, 0.6)).toStrictEqual(longList.slice(15_000, 18_000));
    expect(Buffer.compare((await reader.whole('runs/r/bytes/0')) as Uint8Array, bytes)).toBe(0);
    await store.close();
  });
});

describe('an object that is not what was written', () => {
  it('is an error that names it, wherever it is cut or changed', async () => {
    const whole = new MemoryStore();
    await writePartition(whole, 'p', ['some', { text: 'or other' }], {
      shuffles: [{ name: 's', key: () => 1, buckets: 1 }],
    });
    const bytes = whole.objects.get('p') ?? Buffer.alloc(0);
    for (let at = 0; at < bytes.length; at++) {
      const store = new MemoryStore();
      store.objects.set('cut', bytes.subarray(0, at));
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      store.objects.set('changed', changed);
      const reader = new PartitionReader(store);
      expect((await refusal(reader.whole('cut'))).line).toContain('object cut ');
      // One segment is read without the others.
      const reads = [reader.whole('changed'), reader.bucket('changed', 's', 0)];
      const answers = await Promise.allSettled(reads);
      expect(answers.map(({ status }) => status)).toContain('rejected');
    }
  });

  it('tells what comes from a newer Wattloop', async () => {
    const store = new MemoryStore();
    await writePartition(store, 'p', 1);
    store.objects.get('p')?.writeUInt8(9, 6);
    expect((await refusal(new PartitionReader(store).whole('p'))).line).toContain('version 9');
    store.objects.set('other', Buffer.alloc(HEADER_BYTES, 'x'));
    expect((await refusal(new PartitionReader(store).whole('other'))).line).toContain('no partition');
  });
});
