import { expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import { folderWith } from '../testing/folder.js';
import { KeptStores } from './kept-stores.js';

const { storage } = settingsSchema.parse({});

it('opens each store once, by its settings', async () => {
  const stores = new KeptStores();
  const [here, there] = [folderWith({}), folderWith({})];
  const first = await stores.open(storage, here);
  expect(await stores.open(structuredClone(storage), here)).toBe(first);
  expect(await stores.open(storage, there)).not.toBe(first);
  expect(await stores.open({ ...storage, prefix: 'other' }, here)).not.toBe(first);
  await stores.close();
  expect(await stores.open(storage, here)).not.toBe(first);
});

it('tries again what could not be opened', async () => {
  const stores = new KeptStores();
  const settings = { ...storage, backend: 's3' } as const;
  const opening = () => stores.open(settings, '/none');
  const failures = await Promise.all(
    [opening(), opening()].map((each) => each.catch((error: unknown) => error)),
  );
  expect(failures[0]).toBe(failures[1]);
  expect(await opening().catch((error: unknown) => error)).not.toBe(failures[0]);
  await stores.close();
});
