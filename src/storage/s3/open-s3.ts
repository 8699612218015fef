import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { StorageSettings } from '../../model/index.js';
import type { BackendContext } from '../backend-context.js';
import { CloudStore } from '../cloud/cloud-store.js';
import { optionalPackage, required } from '../cloud/optional-package.js';
import type { ObjectStore } from '../object-store.js';
import { addMiddleware } from './middleware.js';
import { S3Driver } from './s3-driver.js';

type S3Settings = StorageSettings['s3'];

/** Says of the package, in the logs of functions, that it will not go on for ever with this Node.js. */
const OWN_NOTICE = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
const TRIES = 5;
const CONNECT_MILLISECONDS = 5000;
/** Without a byte for so long, a connection is dead. */
const SILENCE_MILLISECONDS = 60_000;

export async function openS3(settings: S3Settings, { env, log }: BackendContext): Promise<ObjectStore> {
  const bucket = required(settings.bucket, 'storage.s3.bucket');
  process.env[OWN_NOTICE] ??= 'true';
  const sdk = await optionalPackage(() => import('@aws-sdk/client-s3'), 's3', ['@aws-sdk/client-s3']);
  const endpoint = settings.endpoint ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  const client = new sdk.S3Client(configOf(settings, endpoint, env));
  addMiddleware(client);
  return new CloudStore(new S3Driver(sdk, client, bucket, { ...settings, endpoint }), log);
}

function configOf(
  settings: S3Settings,
  endpoint: string | undefined,
  env: BackendContext['env'],
): S3ClientConfig {
  // Servers of one's own have no regions, but requests are signed for one.
  const region = settings.region ?? (endpoint && !env.AWS_REGION ? 'us-east-1' : env.AWS_REGION);
  return {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: settings.path_style ?? endpoint !== undefined,
    ...(settings.profile !== undefined && { profile: settings.profile }),
    ...credentialsOf(settings),
    maxAttempts: TRIES,
    requestHandler: { connectionTimeout: CONNECT_MILLISECONDS, requestTimeout: SILENCE_MILLISECONDS },
    // We send and compare checksums ourselves, in a form that servers which don't know them leave alone.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}

function credentialsOf(settings: S3Settings): Pick<S3ClientConfig, 'credentials'> {
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = settings;
  if (accessKeyId === undefined && secretAccessKey === undefined) return {};
  return {
    credentials: {
      accessKeyId: required(accessKeyId, 'storage.s3.access_key_id'),
      secretAccessKey: required(secretAccessKey, 'storage.s3.secret_access_key'),
      ...(settings.session_token !== undefined && { sessionToken: settings.session_token }),
    },
  };
}
