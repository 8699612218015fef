import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { StorageSettings } from '../../model/index.js';
import { full, networkFinding, overloaded } from '../cloud/network-error.js';
import {
  type Attempt,
  alreadyExists,
  type Finding,
  notFound,
  safeCause,
  shownAddress,
  storageError,
  withoutSecrets,
} from '../storage-error.js';

export interface S3Context {
  readonly place: string;
  readonly bucket: string;
  readonly settings: StorageSettings['s3'];
}

const NO_CREDENTIALS = /could not load credentials|no .*credentials|credential is missing/i;
const WRONG_CREDENTIALS = [
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'UnrecognizedClientException',
];
const EXPIRED = ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired'];
const WRONG_REGION = [
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
];
const DAMAGED = ['BadDigest', 'InvalidDigest', 'XAmzContentChecksumMismatch', 'XAmzContentSHA256Mismatch'];
const FULL = ['XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'QuotaExceeded', 'InsufficientStorage'];

export function statusOf(error: unknown): number | undefined {
  const metadata = (error as { $metadata?: { httpStatusCode?: unknown } } | null)?.$metadata;
  return typeof metadata?.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** What an error of the AWS client means, and what would mend it. */
export function s3Error(error: unknown, attempt: Attempt, context: S3Context): WattloopError {
  if (error instanceof WattloopError) return error;
  const { place, settings } = context;
  const name = error instanceof Error ? error.name : '';
  const status = statusOf(error);
  if (name === 'NoSuchKey' || (status === 404 && name === 'NotFound')) return notFound(place, attempt);
  if (name === 'PreconditionFailed' || name === 'ConditionalRequestConflict' || status === 412) {
    return alreadyExists(place, attempt.key);
  }
  const secrets = [settings.access_key_id, settings.secret_access_key, settings.session_token];
  const server = settings.endpoint === undefined ? 'AWS' : shownAddress(settings.endpoint);
  const finding = findingByName(name, context, server) ??
    credentialsFinding(error, settings) ??
    networkFinding(error, server, 'storage.s3.endpoint') ??
    findingByStatus(status, context, server) ?? {
      code: ErrorCode.storageFailed,
      reason: withoutSecrets(messageOf(error) || name, secrets),
    };
  return storageError(place, attempt, { ...finding, cause: safeCause(error, secrets) });
}

function findingByName(name: string, { bucket, settings }: S3Context, server: string): Finding | undefined {
  if (name === 'NoSuchBucket') {
    return {
      code: ErrorCode.storageFailed,
      reason: `there is no bucket "${bucket}"`,
      remedy: 'Make it, or correct storage.s3.bucket or storage.s3.endpoint',
    };
  }
  if (WRONG_CREDENTIALS.includes(name)) {
    return {
      code: ErrorCode.permissionDenied,
      reason: `the credentials are wrong (${name})`,
      remedy: 'Check storage.s3.access_key_id and secret_access_key, or the profile',
    };
  }
  if (EXPIRED.includes(name)) return expired(settings.profile);
  if (WRONG_REGION.includes(name)) {
    return {
      code: ErrorCode.storageFailed,
      reason: `the bucket is in another region (${name})`,
      remedy: 'Set storage.s3.region to the region of the bucket',
    };
  }
  if (name === 'RequestTimeTooSkewed') {
    return {
      code: ErrorCode.permissionDenied,
      reason: 'the clock of this machine is wrong',
      remedy: 'Set the clock',
    };
  }
  if (DAMAGED.includes(name)) {
    return {
      code: ErrorCode.storageFailed,
      reason: `its checksum is wrong: it was damaged on its way (${name})`,
      remedy: 'Nothing was kept; try again',
    };
  }
  return FULL.includes(name) ? full(server) : undefined;
}

function findingByStatus(
  status: number | undefined,
  { bucket }: S3Context,
  server: string,
): Finding | undefined {
  if (status === 401 || status === 403) {
    return {
      code: ErrorCode.permissionDenied,
      reason: 'the credentials give no right to (AccessDenied)',
      remedy: `Allow s3:GetObject, PutObject, DeleteObject, AbortMultipartUpload and ListBucket on "${bucket}"`,
    };
  }
  if (status === 507) return full(server);
  return status !== undefined && (status >= 500 || status === 429) ? overloaded(server, status) : undefined;
}

function credentialsFinding(error: unknown, settings: S3Context['settings']): Finding | undefined {
  const name = error instanceof Error ? error.name : '';
  const message = messageOf(error);
  if (/region is missing/i.test(message)) {
    return {
      code: ErrorCode.badConfiguration,
      reason: 'no region is set',
      remedy: 'Set storage.s3.region, or AWS_REGION',
    };
  }
  if (/expired|sso login|sso session|token is (invalid|expired)/i.test(message))
    return expired(settings.profile);
  if (name !== 'CredentialsProviderError' && !NO_CREDENTIALS.test(message)) return undefined;
  const profile = settings.profile === undefined ? '' : ` in the profile "${settings.profile}"`;
  return {
    code: ErrorCode.permissionDenied,
    reason: `no credentials were found${profile}`,
    remedy:
      'Set storage.s3.profile or AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or storage.s3.access_key_id and secret_access_key',
  };
}

const expired = (profile: string | undefined): Finding => ({
  code: ErrorCode.permissionDenied,
  reason: 'the credentials have expired',
  remedy: `Log in again: aws sso login${profile === undefined ? '' : ` --profile ${profile}`}`,
});
