import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, describe } from 'vitest';
import { storageSettings } from '../../model/index.js';
import type { ObjectStore } from '../object-store.js';
import { openStorage } from '../open-storage.js';
import { AZURITE_ACCOUNT, AZURITE_KEY, type Azurite, startAzurite } from '../testing/azurite.js';
import { describeStore } from '../testing/store-contract.js';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
  const key = new StorageSharedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY);
  await new BlobServiceClient(azurite.endpoint, key).createContainer('data');
});
afterAll(() => azurite?.kill());

function open(settings: object = {}): Promise<ObjectStore> {
  const azure = {
    container: 'data',
    account: AZURITE_ACCOUNT,
    account_key: AZURITE_KEY,
    endpoint: azurite.endpoint,
    ...settings,
  };
  return openStorage(storageSettings.parse({ backend: 'azure', azure }), { dataDir: '/nowhere', env: {} });
}

describe('over Azurite', () => {
  describeStore('Azure Blob Storage', () => open());
});
