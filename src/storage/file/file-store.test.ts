import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { all, describeStore } from '../testing/store-contract.js';
import { FileStore } from './file-store.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'wattloop-store-'));

describeStore('a file store', async () => new FileStore(join(folder(), 'made/when/needed')));
describeStore('a file store that waits for the disk', async () => new FileStore(folder(), true));

describe('a file store', () => {
  it('keeps objects as plain files, and nothing else', async () => {
    const root = folder();
    const store = new FileStore(root);
    await store.put('runs/1/a', 'text');
    await store.put('runs/1/b', 'text', { ifAbsent: true });
    await expect(store.put('runs/1/b', 'more', { ifAbsent: true })).rejects.toMatchObject({
      code: 'already_exists',
    });
    expect(readdirSync(join(root, 'runs/1')).sort()).toEqual(['a', 'b']);
    expect(readdirSync(join(root, '.wattloop-tmp'))).toEqual([]);
    await store.deleteAll('');
    expect(readdirSync(root)).toEqual(['.wattloop-tmp']);
  });

  it('lets exactly one of many win', async () => {
    const store = new FileStore(folder());
    const writers = Array.from({ length: 50 }, (_, index) =>
      store.put('a', String(index).repeat(100_000), { ifAbsent: true }).then(
        () => index,
        () => undefined,
      ),
    );
    const winners = (await Promise.all(writers)).filter((index) => index !== undefined);
    expect(winners).toHaveLength(1);
    expect(Buffer.from(await store.get('a')).toString()).toBe(String(winners[0]).repeat(100_000));
  });

  it('is written to while its empty folders are removed', async () => {
    const store = new FileStore(folder());
    const rounds = Array.from({ length: 200 }, async (_, round) => {
      const key = `a/b/c/${round + 1000}`;
      await store.put(key, 'x'.repeat(round % 2 === 0 ? 10 : 100_000));
      expect(await store.get(key)).toHaveLength(round % 2 === 0 ? 10 : 100_000);
      expect(await store.deleteAll(key)).toBe(1);
    });
    await Promise.all(rounds);
    expect(await all(store.list())).toEqual([]);
  });

  it('lists files that others put there, and no folder twice', async () => {
    const root = folder();
    mkdirSync(join(root, 'data/empty'), { recursive: true });
    writeFileSync(join(root, 'data/a.csv'), '1,2\n');
    symlinkSync('a.csv', join(root, 'data/link.csv'));
    symlinkSync('nowhere', join(root, 'data/broken'));
    symlinkSync('..', join(root, 'data/circle'));
    writeFileSync(Buffer.concat([Buffer.from(join(root, 'data/line\nbreak'))]), '');
    const keys = (await all(new FileStore(root).list())).map(({ key }) => key);
    expect(keys).toEqual(['data/a.csv', 'data/link.csv']);
  });

  it('refuses a key that is a folder of others, and the other way round', async () => {
    const store = new FileStore(folder());
    await store.put('a/b', 'text');
    for (const key of ['a', 'a/b/c']) {
      await expect(store.put(key, 'text')).rejects.toMatchObject({
        code: 'bad_input',
        message: expect.stringContaining(`"${key}"`),
      });
      await expect(store.get(key)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store.stream(key)).rejects.toMatchObject({ code: 'not_found' });
      expect(await store.head(key)).toBeUndefined();
      await store.delete(key);
    }
    await expect(store.put('x'.repeat(300), '')).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('ENAMETOOLONG'),
    });
    await expect(store.put('.wattloop-tmp/a', '')).rejects.toMatchObject({ code: 'bad_input' });
    expect((await all(store.list())).map(({ key }) => key)).toEqual(['a/b']);
  });

  it('makes an object of what was a folder of objects that are gone', async () => {
    const store = new FileStore(folder());
    for (const ifAbsent of [false, true]) {
      await store.put('a/b/c', 'text');
      await store.delete('a/b/c');
      expect(await store.head('a')).toBeUndefined();
      await store.put('a', 'text', { ifAbsent });
      await store.delete('a');
    }
  });

  it('removes what a killed process left, once it is old', async () => {
    const root = folder();
    mkdirSync(join(root, '.wattloop-tmp'));
    for (const name of ['old', 'new']) writeFileSync(join(root, '.wattloop-tmp', name), '');
    utimesSync(join(root, '.wattloop-tmp/old'), 1, 1);
    const store = new FileStore(root);
    await store.put('a', 'text');
    expect(readdirSync(join(root, '.wattloop-tmp'))).toEqual(['new']);
    expect((await all(store.list())).map(({ key }) => key)).toEqual(['a']);
  });

  it('says that its root is a file', async () => {
    const root = join(folder(), 'file');
    writeFileSync(root, '');
    await expect(new FileStore(root).put('a', '')).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('is a file'),
      remedy: expect.stringContaining('storage.file.path'),
    });
  });

  it.skipIf(process.getuid?.() === 0)('says that there is no right to write', async () => {
    const root = folder();
    chmodSync(root, 0o500);
    await expect(new FileStore(root).put('a', '')).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('"a"'),
    });
  });

  // Needs the right to mount a small disk.
  it.skipIf(!mayMount())(
    'leaves nothing of an object for which there is no room, and says what to do',
    async () => {
      const root = folder();
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', root]);
      try {
        const store = new FileStore(root);
        await store.put('small', 'text');
        const refusal = {
          code: 'storage_failed',
          message: expect.stringMatching(/"runs\/large" .*disk is full/),
          remedy: expect.stringContaining(root),
        };
        for (const body of [new Uint8Array(2e6), pieces()]) {
          await expect(store.put('runs/large', body)).rejects.toMatchObject(refusal);
        }
        expect(readdirSync(join(root, '.wattloop-tmp'))).toEqual([]);
        expect(existsSync(join(root, 'runs/large'))).toBe(false);
        await store.put('small', 'there is room again');
        spawnSync('mount', ['-o', 'remount,ro', root]);
        await expect(store.put('small', 'text')).rejects.toMatchObject({
          code: 'storage_failed',
          message: expect.stringContaining('read-only'),
        });
        expect(Buffer.from(await store.get('small')).toString()).toBe('there is room again');
      } finally {
        spawnSync('umount', [root]);
      }
    },
  );
});

function mayMount(): boolean {
  const place = folder();
  return (
    spawnSync('mount', ['-t', 'tmpfs', 'none', place]).status === 0 &&
    spawnSync('umount', [place]).status === 0
  );
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < 40; piece++) yield new Uint8Array(50_000);
}
