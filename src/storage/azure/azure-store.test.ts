import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, describe } from 'vitest';
import type { ObjectStore } from '../object-store.js';
import { AZURITE_ACCOUNT, AZURITE_KEY, startAzurite } from '../testing/azurite.js';
import type { ChildServer } from '../testing/child-server.js';
import { itSurvivesDeath } from '../testing/death-contract.js';
import { describeNetwork } from '../testing/network-contract.js';
import { openWith } from '../testing/open-with.js';
import { describeStore } from '../testing/store-contract.js';

async function makeContainer(endpoint: string): Promise<void> {
  const key = new StorageSharedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY);
  await new BlobServiceClient(endpoint, key).createContainer('data');
}

let azurite: ChildServer;
beforeAll(async () => {
  azurite = await startAzurite();
  await makeContainer(azurite.endpoint);
});
afterAll(() => azurite?.kill());

const open = (endpoint: string, settings: object = {}): Promise<ObjectStore> =>
  openWith({
    backend: 'azure',
    azure: { container: 'data', account: AZURITE_ACCOUNT, account_key: AZURITE_KEY, endpoint, ...settings },
  });

describe('over Azurite', () => {
  describeStore('Azure Blob Storage', () => open(azurite.endpoint));
  describeNetwork('Azure Blob Storage', {
    server: () => azurite.endpoint.replace(`/${AZURITE_ACCOUNT}`, ''),
    open: (endpoint, settings) => open(`${endpoint}/${AZURITE_ACCOUNT}`, settings),
    noBucket: { container: 'nowhere' },
    bucketSetting: 'storage.azure.container',
    endpointSetting: 'storage.azure.endpoint',
    secret: AZURITE_KEY,
  });
  itSurvivesDeath({
    start: async () => {
      const server = await startAzurite();
      await makeContainer(server.endpoint);
      return server;
    },
    open,
  });
});
