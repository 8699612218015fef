import { afterAll, beforeAll, describe } from 'vitest';
import type { ObjectStore } from '../object-store.js';
import { type GcsServer, startGcsServer } from '../testing/gcs-server.js';
import { describeNetwork } from '../testing/network-contract.js';
import { openWith } from '../testing/open-with.js';
import { describeStore } from '../testing/store-contract.js';

let server: GcsServer;
beforeAll(async () => {
  server = await startGcsServer();
});
afterAll(() => server?.close());

const open = (endpoint: string, settings: object = {}): Promise<ObjectStore> =>
  openWith({ backend: 'gcs', gcs: { bucket: 'data', endpoint, ...settings } });

describe('with the Google client over an imitated server', () => {
  describeStore('Google Cloud Storage', () => open(server.endpoint));
  describeNetwork('Google Cloud Storage', {
    server: () => server.endpoint,
    open,
    noBucket: { bucket: 'nowhere' },
    bucketSetting: 'storage.gcs.bucket',
    endpointSetting: 'storage.gcs.endpoint',
    secret: 'Bearer',
  });
});
