import { afterAll, beforeAll, describe } from 'vitest';
import { storageSettings } from '../../model/index.js';
import type { ObjectStore } from '../object-store.js';
import { openStorage } from '../open-storage.js';
import { S3RVER_KEYS, type S3rver, startS3rver } from '../testing/s3rver.js';
import { describeStore } from '../testing/store-contract.js';

let server: S3rver;
beforeAll(async () => {
  server = await startS3rver();
});
afterAll(() => server?.kill());

function open(settings: object = {}): Promise<ObjectStore> {
  const s3 = { bucket: 'data', endpoint: server.endpoint, ...S3RVER_KEYS, ...settings };
  return openStorage(storageSettings.parse({ backend: 's3', s3 }), { dataDir: '/nowhere', env: {} });
}

describe('over s3rver', () => {
  describeStore('S3 as it was in 2020', () => open());
});
