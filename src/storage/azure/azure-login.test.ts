import { inspect } from 'node:util';
import {
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WattloopError } from '../../base/index.js';
import type { ObjectStore } from '../object-store.js';
import { checkStorage } from '../open-storage.js';
import { AZURITE_ACCOUNT, AZURITE_KEY, startAzurite } from '../testing/azurite.js';
import type { ChildServer } from '../testing/child-server.js';
import { openWith } from '../testing/open-with.js';

let azurite: ChildServer;
const key = new StorageSharedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY);
beforeAll(async () => {
  azurite = await startAzurite();
  await new BlobServiceClient(azurite.endpoint, key).createContainer('data');
});
afterAll(() => azurite?.kill());

type Environment = Readonly<Record<string, string | undefined>>;

const open = (settings: object, env: Environment = {}): Promise<ObjectStore> =>
  openWith({ backend: 'azure', azure: { container: 'data', ...settings } }, env);

async function works(settings: object, env?: Environment): Promise<void> {
  const store = await open(settings, env);
  await store.put('a', 'text');
  expect(store.address).toBe(`azure://${AZURITE_ACCOUNT}/data`);
  await store.close();
}

const connection = (accountKey: string): string =>
  `DefaultEndpointsProtocol=http;AccountName=${AZURITE_ACCOUNT};AccountKey=${accountKey};BlobEndpoint=${azurite.endpoint};`;

function signature(permissions: string): string {
  const now = Date.now();
  return generateBlobSASQueryParameters(
    {
      containerName: 'data',
      permissions: ContainerSASPermissions.parse(permissions),
      startsOn: new Date(now - 600_000),
      expiresOn: new Date(now + 600_000),
    },
    key,
  ).toString();
}

async function refusal(settings: object, env?: Environment): Promise<WattloopError> {
  const store = await open(settings, env);
  const error: unknown = await checkStorage(store).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'WattloopError', code: 'permission_denied' });
  expect(inspect(error, { depth: 20 })).not.toMatch(/sig=(?!\*)|d3Jvbmc/);
  return error as WattloopError;
}

describe('logging in to Azure', () => {
  it('takes a key, a connection string or a signature', async () => {
    const { endpoint } = azurite;
    await works({ account: AZURITE_ACCOUNT, account_key: AZURITE_KEY, endpoint });
    await works({ connection_string: connection(AZURITE_KEY) });
    await works({ account: AZURITE_ACCOUNT, sas_token: signature('racwdl'), endpoint });
    await works({ account: AZURITE_ACCOUNT, sas_token: `?${signature('racwdl')}`, endpoint });
  });

  it('takes what the command line of Azure takes', async () => {
    await works({}, { AZURE_STORAGE_CONNECTION_STRING: connection(AZURITE_KEY) });
    const { endpoint } = azurite;
    await works({ endpoint }, { AZURE_STORAGE_ACCOUNT: AZURITE_ACCOUNT, AZURE_STORAGE_KEY: AZURITE_KEY });
    await works(
      { endpoint, account: AZURITE_ACCOUNT },
      { AZURE_STORAGE_ACCOUNT: AZURITE_ACCOUNT, AZURE_STORAGE_SAS_TOKEN: signature('racwdl') },
    );
  });

  it('says that the key is wrong', async () => {
    const wrong = Buffer.from('wrong').toString('base64');
    const error = await refusal({ connection_string: connection(wrong) });
    // Azure says AuthenticationFailed, Azurite AuthorizationFailure.
    expect(error.message).toMatch(/the credentials are wrong|no right/);
    expect(error.message).toContain(azurite.endpoint);
  });

  it('says that a signature gives no right to', async () => {
    const settings = { account: AZURITE_ACCOUNT, sas_token: signature('r'), endpoint: azurite.endpoint };
    const error = await refusal(settings);
    expect(error.message).toContain('no right');
    expect(error.remedy).toContain('racwdl');
  });

  it('does not show a connection string that can not be read', async () => {
    const error: unknown = await open({ connection_string: 'AccountKey=d3Jvbmc=;nonsense' }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'bad_configuration' });
    expect(inspect(error, { depth: 20 })).not.toContain('d3Jvbmc');
  });

  it('wants a container and an account', async () => {
    await expect(open({ container: undefined })).rejects.toMatchObject({
      message: expect.stringContaining('storage.azure.container'),
    });
    await expect(open({})).rejects.toMatchObject({
      message: expect.stringContaining('storage.azure.account'),
    });
  });
});
