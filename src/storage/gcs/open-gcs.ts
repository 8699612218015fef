import type { StorageSettings } from '../../model/index.js';
import type { BackendContext } from '../backend-context.js';
import { CloudStore } from '../cloud/cloud-store.js';
import { optionalPackage, required } from '../cloud/optional-package.js';
import type { ObjectStore } from '../object-store.js';
import { GcsDriver } from './gcs-driver.js';
import { isWorthRetrying } from './gcs-error.js';
import { checkKeyFile } from './key-file.js';

const RETRIES = 4;
/** The client waits for a second first. */
const WAIT_GROWTH = 1.5;
const LONGEST_WAIT_SECONDS = 8;
const ALL_TRIES_SECONDS = 120;

export async function openGcs(
  settings: StorageSettings['gcs'],
  { env, log }: BackendContext,
): Promise<ObjectStore> {
  const bucket = required(settings.bucket, 'storage.gcs.bucket');
  if (settings.credentials_file !== undefined) checkKeyFile(settings.credentials_file);
  const sdk = await optionalPackage(() => import('@google-cloud/storage'), 'gcs', ['@google-cloud/storage']);
  const endpoint = (settings.endpoint ?? env.STORAGE_EMULATOR_HOST)?.replace(/\/+$/, '');
  const storage = new sdk.Storage({
    ...(endpoint !== undefined && {
      apiEndpoint: endpoint,
      // Else it is asked of Google; the emulators don't care.
      projectId: 'emulated',
      useAuthWithCustomEndpoint: settings.credentials_file !== undefined,
    }),
    ...(settings.project !== undefined && { projectId: settings.project }),
    ...(settings.credentials_file !== undefined && { keyFilename: settings.credentials_file }),
    retryOptions: {
      autoRetry: true,
      retryableErrorFn: isWorthRetrying,
      maxRetries: RETRIES,
      retryDelayMultiplier: WAIT_GROWTH,
      maxRetryDelay: LONGEST_WAIT_SECONDS,
      totalTimeout: ALL_TRIES_SECONDS,
      // We write and delete whole objects: to do it twice changes nothing.
      idempotencyStrategy: sdk.IdempotencyStrategy.RetryAlways,
    },
  });
  return new CloudStore(new GcsDriver(storage.bucket(bucket), { ...settings, endpoint }), log);
}
