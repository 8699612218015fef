import type * as Blobs from '@azure/storage-blob';
import type { BlobServiceClient, StoragePipelineOptions } from '@azure/storage-blob';
import { ErrorCode, WattloopError } from '../../base/index.js';
import type { StorageSettings } from '../../model/index.js';
import type { BackendContext } from '../backend-context.js';
import { CloudStore } from '../cloud/cloud-store.js';
import { optionalPackage, required } from '../cloud/optional-package.js';
import type { ObjectStore } from '../object-store.js';
import { AzureDriver } from './azure-driver.js';

type AzureSettings = StorageSettings['azure'];

const PIPELINE: StoragePipelineOptions = {
  retryOptions: { maxTries: 5, retryDelayInMs: 200, maxRetryDelayInMs: 10_000, tryTimeoutInMs: 300_000 },
};

export async function openAzure(settings: AzureSettings, { env, log }: BackendContext): Promise<ObjectStore> {
  const container = required(settings.container, 'storage.azure.container');
  const sdk = await optionalPackage(() => import('@azure/storage-blob'), 'azure', ['@azure/storage-blob']);
  const found = withEnvironment(settings, env);
  const service = await serviceOf(sdk, found);
  return new CloudStore(new AzureDriver(service.getContainerClient(container), found), log);
}

/** What is not set is taken from where Azure's command line takes it. */
function withEnvironment(settings: AzureSettings, env: BackendContext['env']): AzureSettings {
  if (settings.connection_string !== undefined || settings.account_key !== undefined || settings.sas_token) {
    return settings;
  }
  const account = settings.account ?? env.AZURE_STORAGE_ACCOUNT;
  // Those of another account than the one that is set are not for this one.
  const isMeant = settings.account === undefined || settings.account === env.AZURE_STORAGE_ACCOUNT;
  return {
    ...settings,
    account,
    ...(isMeant && { account_key: env.AZURE_STORAGE_KEY, sas_token: env.AZURE_STORAGE_SAS_TOKEN }),
    ...(account === undefined && { connection_string: env.AZURE_STORAGE_CONNECTION_STRING }),
  };
}

async function serviceOf(sdk: typeof Blobs, settings: AzureSettings): Promise<BlobServiceClient> {
  if (settings.connection_string !== undefined) return fromConnectionString(sdk, settings.connection_string);
  const account = required(settings.account, 'storage.azure.account');
  const url = settings.endpoint ?? `https://${account}.blob.core.windows.net`;
  if (settings.account_key !== undefined) {
    const key = new sdk.StorageSharedKeyCredential(account, settings.account_key);
    return new sdk.BlobServiceClient(url, key, PIPELINE);
  }
  if (settings.sas_token !== undefined) {
    return new sdk.BlobServiceClient(`${url}?${settings.sas_token.replace(/^\?/, '')}`, undefined, PIPELINE);
  }
  const identity = await optionalPackage(() => import('@azure/identity'), 'azure', ['@azure/identity']);
  return new sdk.BlobServiceClient(url, new identity.DefaultAzureCredential(), PIPELINE);
}

function fromConnectionString(sdk: typeof Blobs, text: string): BlobServiceClient {
  try {
    return sdk.BlobServiceClient.fromConnectionString(text, PIPELINE);
  } catch {
    // Its own message may hold the key.
    throw new WattloopError(
      ErrorCode.badConfiguration,
      'The connection string of the Azure storage account can not be read',
      {
        remedy:
          'Copy storage.azure.connection_string from "Access keys" of the account: DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…',
      },
    );
  }
}
