import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../object-store.js';
import { checkStorage } from '../open-storage.js';
import { type GcsServer, startGcsServer } from '../testing/gcs-server.js';
import { openWith } from '../testing/open-with.js';
import { all } from '../testing/store-contract.js';

let server: GcsServer;
beforeAll(async () => {
  server = await startGcsServer();
  server.requireToken('a-token');
});
afterAll(() => server?.close());

function keyFile(content: object | string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'wattloop-gcs-')), 'key.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** Logs in with a token of another identity provider; where it is exchanged can be set, unlike for a service account. */
const federated = (): object => ({
  type: 'external_account',
  audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: `${server.endpoint}/token`,
  credential_source: { file: keyFile('a-subject-token') },
});

const open = (settings: object): Promise<ObjectStore> =>
  openWith({ backend: 'gcs', gcs: { bucket: 'data', endpoint: server.endpoint, ...settings } });

async function refusal(store: ObjectStore): Promise<unknown> {
  const error: unknown = await checkStorage(store).catch((reason: unknown) => reason);
  expect(inspect(error, { depth: 20 })).not.toMatch(/a-token|a-subject-token/);
  return error;
}

describe('logging in to Google Cloud Storage', () => {
  it('takes a file of credentials', async () => {
    const store = await open({ credentials_file: keyFile(federated()) });
    await store.put('small', 'text');
    await store.put('large', new Uint8Array(9_000_000));
    expect(await store.get('large')).toHaveLength(9_000_000);
    expect((await all(store.list())).map(({ key }) => key)).toEqual(['large', 'small']);
    await store.deleteAll('');
  });

  it('says that credentials are wrong', async () => {
    expect(await refusal(await open({}))).toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining(server.endpoint),
      remedy: expect.stringContaining('gcloud auth application-default login'),
    });
  });

  it.each([
    ['is not there', () => '/nowhere/key.json'],
    ['is no JSON', () => keyFile('text')],
    ['has no key', () => keyFile({ type: 'service_account', client_email: 'a' })],
  ])('names a key file that %s', async (_, path) => {
    const file = path();
    await expect(open({ credentials_file: file })).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining(file),
      remedy: expect.stringContaining('storage.gcs.credentials_file'),
    });
  });

  it('wants a bucket', async () => {
    await expect(open({ bucket: undefined })).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining('storage.gcs.bucket'),
    });
  });
});
