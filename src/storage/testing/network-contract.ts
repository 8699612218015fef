import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WattloopError } from '../../base/index.js';
import type { ObjectStore } from '../object-store.js';
import { checkStorage } from '../open-storage.js';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.js';
import { all } from './store-contract.js';

export interface NetworkCase {
  /** The address of the server itself. */
  readonly server: () => string;
  /** Opens a store at an address; the settings are laid over the usual ones. */
  readonly open: (endpoint: string, settings?: object) => Promise<ObjectStore>;
  readonly noBucket: object;
  readonly bucketSetting: string;
  readonly endpointSetting: string;
  /** Nobody may see it. */
  readonly secret: string;
}

const failureOf = async (work: Promise<unknown>): Promise<WattloopError> => {
  const result = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(result).toMatchObject({ name: 'WattloopError' });
  return result as WattloopError;
};

const attemptsOn = (store: ObjectStore): (() => Promise<unknown>)[] => [
  () => store.put('a', 'text'),
  () => store.get('a'),
  () => checkStorage(store),
];

/** What stores behind a network do when it, or the server, fails. */
export function describeNetwork(name: string, { server, open, ...given }: NetworkCase): void {
  describe(`${name}, when the network fails`, () => {
    let proxy: FaultyProxy;
    let store: ObjectStore;
    beforeAll(async () => {
      proxy = await startFaultyProxy(server());
      store = await open(proxy.endpoint);
    });
    afterAll(() => Promise.all([store.close(), proxy.close()]));
    beforeEach(() => proxy.fail(undefined));
    const puts = (method: string): boolean => method === 'PUT' || method === 'POST';
    const gets = (method: string): boolean => method === 'GET';

    it('tries again while the server is busy', { timeout: 60_000 }, async () => {
      const bytes = randomBytes(1000);
      proxy.fail({ kind: 'busy', times: 2 });
      await store.put('busy/a', bytes);
      expect(proxy.faults()).toBe(2);
      for (const ask of [
        () => store.get('busy/a'),
        () => store.head('busy/a'),
        () => all(store.list('busy/')),
      ]) {
        proxy.fail({ kind: 'busy', times: 1 });
        await ask();
        expect(proxy.faults()).toBe(1);
      }
      proxy.fail(undefined);
      expect(Buffer.from(await store.get('busy/a'))).toEqual(bytes);
    });

    it('goes on where a download broke off', { timeout: 60_000 }, async () => {
      const bytes = randomBytes(3_000_000);
      await store.put('cut', bytes);
      proxy.fail({ kind: 'cut answer', times: 2, on: gets });
      expect(Buffer.from(await store.get('cut')).equals(bytes)).toBe(true);
      expect(proxy.faults()).toBe(2);
      proxy.fail({ kind: 'cut answer', times: 1, on: gets });
      const range = { start: 1000, end: 2_500_000 };
      expect(Buffer.from(await store.get('cut', { range })).equals(bytes.subarray(1000, 2_500_000))).toBe(
        true,
      );
    });

    it('gives up on a download that always breaks off', { timeout: 60_000 }, async () => {
      await store.put('cut', randomBytes(500_000));
      proxy.fail({ kind: 'cut answer', times: Number.POSITIVE_INFINITY, on: gets });
      const wholeTail = { range: { start: 499_999 } };
      const error = await failureOf(store.get('cut', wholeTail));
      expect(error.code).toBe('storage_failed');
      expect(error.line).toContain('"cut"');
    });

    it('sees that an object was changed on its way here', async () => {
      await store.put('flipped', randomBytes(100_000));
      proxy.fail({ kind: 'flip answer', times: 1, on: gets });
      const error = await failureOf(store.get('flipped'));
      expect(error.code).toBe('storage_failed');
      expect(error.line).toContain('checksum');
      expect(proxy.faults()).toBe(1);
    });

    it.each([
      ['a small object', 100_000],
      ['an object in parts', 9_000_000],
    ])('keeps nothing of %s that was changed on its way there', async (_, sizeBytes) => {
      proxy.fail({ kind: 'flip request', times: Number.POSITIVE_INFINITY, on: puts });
      const error = await failureOf(store.put(`broken/${sizeBytes}`, randomBytes(sizeBytes)));
      expect(error.code).toBe('storage_failed');
      proxy.fail(undefined);
      expect(await all(store.list('broken/'))).toEqual([]);
    });

    it('names the server that does not answer, and what would mend it', { timeout: 60_000 }, async () => {
      const gone = await startFaultyProxy(server());
      await gone.close();
      const lost = await open(gone.endpoint);
      for (const attempt of attemptsOn(lost)) {
        const error = await failureOf(attempt());
        expect(error.code).toBe('storage_failed');
        expect(error.message).toContain(gone.endpoint);
        expect(error.message).toContain('ECONNREFUSED');
        expect(error.remedy).toContain(given.endpointSetting);
      }
      await lost.close();
    });

    it('names the bucket that is not there', { timeout: 60_000 }, async () => {
      const lost = await open(server(), given.noBucket);
      for (const attempt of attemptsOn(lost)) {
        const error = await failureOf(attempt());
        expect(error.code).toBe('storage_failed');
        expect(error.message).toContain('"nowhere"');
        expect(error.remedy).toContain(given.bucketSetting);
      }
      await lost.close();
    });

    it('shows no secret, whatever fails', { timeout: 60_000 }, async () => {
      proxy.fail({ kind: 'busy', times: Number.POSITIVE_INFINITY });
      const busy = await failureOf(store.get('secret'));
      proxy.fail(undefined);
      const absent = await failureOf(store.get('secret'));
      for (const shown of [
        store.address,
        inspect(store),
        inspect(busy, { depth: 20, showHidden: true }),
        inspect(absent, { depth: 20 }),
      ]) {
        expect(shown).not.toContain(given.secret);
        expect(shown).not.toMatch(/sig=(?!\*)|Signature=(?!\*)/);
      }
      expect(busy.message).toContain('503');
    });
  });
}
