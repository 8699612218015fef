import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../model/index.js';
import { optionalPackage } from './cloud/optional-package.js';
import { checkStorage, openStorage } from './open-storage.js';
import { withoutSecrets } from './storage-error.js';
import { all, describeStore } from './testing/store-contract.js';
import { withPrefix } from './with-prefix.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'wattloop-open-'));
const settingsOf = (storage: object) => settingsSchema.parse({ storage }).storage;

describeStore('a store below a prefix', () =>
  openStorage(settingsOf({ prefix: 'team/energy' }), { dataDir: folder() }),
);

describe('openStorage', () => {
  it('keeps files in the data folder when nothing is set', async () => {
    const dataDir = folder();
    const store = await openStorage(settingsOf({}), { dataDir });
    expect(store).toMatchObject({ kind: 'file', address: join(dataDir, 'storage') });
    await checkStorage(store);
    expect(existsSync(store.address)).toBe(false);
    await store.put('a/b', 'text');
    expect(existsSync(join(dataDir, 'storage/a/b'))).toBe(true);
  });

  it('opens the same store with the same settings elsewhere', async () => {
    const settings = settingsOf({ file: { path: folder() }, prefix: '/runs/1/' });
    const here = await openStorage(settings, { dataDir: '/nowhere' });
    const there = await openStorage(structuredClone(settings), { dataDir: '/elsewhere' });
    await here.put('a', 'text');
    expect(Buffer.from(await there.get('a')).toString()).toBe('text');
    expect(here.address).toBe(join(settings.file.path ?? '', 'runs/1'));
    expect(existsSync(join(settings.file.path ?? '', 'runs/1/a'))).toBe(true);
  });

  it('names the package that is missing', async () => {
    const load = () => import('not-a-package' as string);
    await expect(optionalPackage(load, 's3', ['@aws-sdk/client-s3'])).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringMatching(/s3 needs @aws-sdk\/client-s3, which is not installed/),
      remedy: 'npm install @aws-sdk/client-s3',
    });
  });
});

describe('withPrefix', () => {
  it('shows a part of a store as a whole', async () => {
    const store = await openStorage(settingsOf({ file: { path: folder() } }), { dataDir: '/nowhere' });
    const view = withPrefix(withPrefix(store, 'a'), 'b');
    await view.put('x', 'text');
    await store.put('a/c', 'text');
    await store.put('a/bb', 'text');
    expect((await all(view.list())).map(({ key }) => key)).toEqual(['x']);
    expect(await view.deleteAll('')).toBe(1);
    expect((await all(store.list())).map(({ key }) => key)).toEqual(['a/bb', 'a/c']);
    expect(withPrefix(store, '')).toBe(store);
  });

  it('lets nothing out', async () => {
    const store = await openStorage(settingsOf({ file: { path: folder() } }), { dataDir: '/nowhere' });
    expect(() => withPrefix(store, 'a/../b')).toThrow(expect.objectContaining({ code: 'bad_input' }));
    const view = withPrefix(store, 'a');
    await store.put('secret', 'text');
    await expect(view.get('../secret')).rejects.toMatchObject({ code: 'bad_input' });
    await expect(all(view.list('../'))).rejects.toMatchObject({ code: 'bad_input' });
    await expect(view.deleteAll('../')).rejects.toMatchObject({ code: 'bad_input' });
    await expect(view.put('', 'text')).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('withoutSecrets', () => {
  it.each([
    ['GET https://a.net/b?sv=1&sig=abc%2Bdef&se=2', 'GET https://a.net/b?sv=1&sig=***&se=2'],
    ['AccountName=me;AccountKey=a+b/c==;Blob=x', 'AccountName=me;AccountKey=***;Blob=x'],
    ['Authorization: Bearer ya29.abc', 'Authorization: Bearer ***'],
    ['http://me:hush@host/path', 'http://host/path'],
    ['X-Amz-Signature=abc&X=1', 'X-Amz-Signature=***&X=1'],
    ['nothing to hide', 'nothing to hide'],
  ])('hides those in %s', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
  });

  it('hides those that are known', () => {
    expect(withoutSecrets('the key hush-hush is wrong', ['hush-hush', undefined, 'is'])).toBe(
      'the key *** is wrong',
    );
  });
});
