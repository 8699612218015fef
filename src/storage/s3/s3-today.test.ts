import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../object-store.js';
import { describeNetwork } from '../testing/network-contract.js';
import { openWith } from '../testing/open-with.js';
import { type S3Server, startS3Server } from '../testing/s3-server.js';
import { describeStore } from '../testing/store-contract.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
});
afterAll(() => server?.close());

const KEYS = { access_key_id: 'AKIA-someone', secret_access_key: 'hush-hush-hush' };
const open = (endpoint: string, settings: object = {}): Promise<ObjectStore> =>
  openWith({ backend: 's3', s3: { bucket: 'data', endpoint, ...KEYS, ...settings } });

describe('over an imitated server', () => {
  describeStore('S3 as it is today', () => open(server.endpoint));
  describeNetwork('S3 as it is today', {
    server: () => server.endpoint,
    open,
    noBucket: { bucket: 'nowhere' },
    bucketSetting: 'storage.s3.bucket',
    endpointSetting: 'storage.s3.endpoint',
    secret: KEYS.secret_access_key,
  });

  it('leaves no parts of what was not ended', async () => {
    const store = await open(server.endpoint);
    await store.put('whole', randomBytes(17_000_000));
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield randomBytes(17_000_000);
      throw new Error('gone');
    }
    await expect(store.put('broken', broken())).rejects.toMatchObject({ code: 'bad_input' });
    expect(server.openUploads()).toBe(0);
    await store.close();
  });

  it('lets exactly one of many win, large or small', async () => {
    const store = await open(server.endpoint);
    for (const sizeBytes of [10, 9_000_000]) {
      const key = `won/${sizeBytes}`;
      const tries = Array.from({ length: 4 }, (_, index) =>
        store.put(key, new Uint8Array(sizeBytes).fill(index), { ifAbsent: true }).then(
          () => index,
          (error: { code: string }) => error.code,
        ),
      );
      const results = await Promise.all(tries);
      const winners = results.filter((result) => typeof result === 'number');
      expect(winners).toHaveLength(1);
      expect(results.filter((result) => result === 'already_exists')).toHaveLength(3);
      expect((await store.get(key, { range: { start: 0, end: 1 } }))[0]).toBe(winners[0]);
    }
    expect(server.openUploads()).toBe(0);
    await store.close();
  });
});
