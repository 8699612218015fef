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

export interface GcsContext {
  readonly place: string;
  readonly bucket: string;
  readonly settings: StorageSettings['gcs'];
}

/** The status that an error of the Google client came with: it stands in one of three places. */
function statusOf(error: unknown): number | undefined {
  const { code, status, response } = (error ?? {}) as {
    code?: unknown;
    status?: unknown;
    response?: { status?: unknown; statusCode?: unknown };
  };
  for (const value of [code, status, response?.status, response?.statusCode]) {
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && number >= 100 && number < 600) return number;
  }
  return undefined;
}

const PASSING_CODES = [
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
];
const PASSING_TEXT =
  /socket hang up|premature close|terminated|other side closed|network socket disconnected/i;

/** What may be gone the next time: a server that is busy or fails, a connection that broke. */
export function isWorthRetrying(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  const { code, cause, errors } = (error ?? {}) as {
    code?: unknown;
    cause?: unknown;
    errors?: readonly { reason?: unknown }[];
  };
  const codes = [code, ...(Array.isArray(errors) ? errors.map(({ reason }) => reason) : [])];
  if (codes.some((one) => typeof one === 'string' && PASSING_CODES.includes(one.toUpperCase()))) return true;
  return PASSING_TEXT.test(messageOf(error)) || (cause !== undefined && isWorthRetrying(cause));
}

const isBucketAbsent = (error: unknown): boolean => /bucket does not exist/i.test(messageOf(error));

export const isAbsent = (error: unknown): boolean => statusOf(error) === 404 && !isBucketAbsent(error);

/** What an error of the Google client means, and what would mend it. */
export function gcsError(error: unknown, attempt: Attempt, context: GcsContext): WattloopError {
  if (error instanceof WattloopError) return error;
  const { place, settings } = context;
  const status = statusOf(error);
  if (isAbsent(error) && attempt.action !== 'write') return notFound(place, attempt);
  if (status === 412) return alreadyExists(place, attempt.key);
  const server = settings.endpoint === undefined ? 'Google Cloud' : shownAddress(settings.endpoint);
  const finding = loginFinding(error, settings) ??
    findingByStatus(status, error, context, server) ??
    networkFinding(error, server, 'storage.gcs.endpoint') ?? {
      code: ErrorCode.storageFailed,
      reason: firstLine(withoutSecrets(messageOf(error))),
    };
  return storageError(place, attempt, { ...finding, cause: safeCause(error) });
}

function findingByStatus(
  status: number | undefined,
  error: unknown,
  { bucket }: GcsContext,
  server: string,
): Finding | undefined {
  if (status === 404) {
    return {
      code: ErrorCode.storageFailed,
      reason: `there is no bucket "${bucket}"`,
      remedy: 'Make it, or correct storage.gcs.bucket or storage.gcs.endpoint',
    };
  }
  if (status === 401) {
    return {
      code: ErrorCode.permissionDenied,
      reason: 'the credentials are wrong or have expired (401)',
      remedy: 'Check storage.gcs.credentials_file, or log in: gcloud auth application-default login',
    };
  }
  if (status === 403) {
    return {
      code: ErrorCode.permissionDenied,
      reason: 'the account has no right to (403)',
      remedy: `Give it the role Storage Object Admin on the bucket "${bucket}"`,
    };
  }
  if (status === 400 && /crc32c|md5|hash/i.test(messageOf(error))) {
    return {
      code: ErrorCode.storageFailed,
      reason: 'its checksum is wrong: it was damaged on its way',
      remedy: 'Nothing was kept; try again',
    };
  }
  if (status === 507) return full(server);
  return status !== undefined && (status >= 500 || status === 429) ? overloaded(server, status) : undefined;
}

function loginFinding(
  error: unknown,
  { credentials_file: file }: GcsContext['settings'],
): Finding | undefined {
  const message = messageOf(error);
  if (file !== undefined && /DECODER|PEM|invalid_grant|invalid_client/.test(message)) {
    return {
      code: ErrorCode.permissionDenied,
      reason: `the credentials in ${file} are wrong or have expired`,
      remedy: 'Set storage.gcs.credentials_file to a key file that is in force',
    };
  }
  if (!/could not load the default credentials|invalid_grant|unable to detect a project/i.test(message)) {
    return undefined;
  }
  return {
    code: ErrorCode.permissionDenied,
    reason: 'no credentials were found, or they have expired',
    remedy: 'Set storage.gcs.credentials_file, or log in: gcloud auth application-default login',
  };
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
