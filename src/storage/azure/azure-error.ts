import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { StorageSettings } from '../../model/index.js';
import { networkFinding, overloaded } from '../cloud/network-error.js';
import {
  type Attempt,
  alreadyExists,
  type Finding,
  notFound,
  safeCause,
  storageError,
  withoutSecrets,
} from '../storage-error.js';

export interface AzureContext {
  readonly place: string;
  readonly container: string;
  readonly server: string;
  readonly settings: StorageSettings['azure'];
}

const CONTAINER_ABSENT = ['ContainerNotFound', 'ContainerBeingDeleted', 'ContainerDisabled'];
const WRONG_CREDENTIALS = [
  'AuthenticationFailed',
  'InvalidAuthenticationInfo',
  'NoAuthenticationInformation',
];
const NO_LOGIN =
  /^(CredentialUnavailableError|AggregateAuthenticationError|AuthenticationRequiredError|AuthenticationError|ChainedTokenCredential)/;

function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** The service's own name for what is wrong; answers to HEAD have it in a header. */
export function codeOf(error: unknown): string | undefined {
  const { code, details } = (error ?? {}) as { code?: unknown; details?: { errorCode?: unknown } };
  const found = details?.errorCode ?? code;
  return typeof found === 'string' ? found : undefined;
}

export const isAbsent = (error: unknown): boolean =>
  statusOf(error) === 404 && !CONTAINER_ABSENT.includes(codeOf(error) ?? '');

/** What an error of the Azure client means, and what would mend it. */
export function azureError(error: unknown, attempt: Attempt, context: AzureContext): WattloopError {
  if (error instanceof WattloopError) return error;
  const { place, server, settings } = context;
  const status = statusOf(error);
  const code = codeOf(error);
  if (isAbsent(error)) return notFound(place, attempt);
  if (code === 'BlobAlreadyExists' || status === 412) return alreadyExists(place, attempt.key);
  const secrets = [settings.account_key, settings.sas_token, settings.connection_string];
  const finding = findingByCode(code, context) ??
    loginFinding(error) ??
    findingByStatus(status, context) ??
    networkFinding(error, server, 'storage.azure.endpoint') ?? {
      code: ErrorCode.storageFailed,
      reason: firstLine(withoutSecrets(messageOf(error), secrets)),
    };
  return storageError(place, attempt, { ...finding, cause: safeCause(error, secrets) });
}

function findingByCode(code: string | undefined, { container }: AzureContext): Finding | undefined {
  if (code === undefined) return undefined;
  if (CONTAINER_ABSENT.includes(code)) {
    return {
      code: ErrorCode.storageFailed,
      reason: `there is no container "${container}"`,
      remedy: 'Make it, or correct storage.azure.container or storage.azure.account',
    };
  }
  if (WRONG_CREDENTIALS.includes(code)) {
    return {
      code: ErrorCode.permissionDenied,
      reason: `the credentials are wrong or have expired (${code})`,
      remedy:
        'Check storage.azure.account_key, sas_token or connection_string, and the clock of this machine',
    };
  }
  if (code === 'Md5Mismatch' || code === 'Crc64Mismatch') {
    return {
      code: ErrorCode.storageFailed,
      reason: `its checksum is wrong: it was damaged on its way (${code})`,
      remedy: 'Nothing was kept; try again',
    };
  }
  return undefined;
}

function loginFinding(error: unknown): Finding | undefined {
  if (!(error instanceof Error) || !NO_LOGIN.test(error.name)) return undefined;
  return {
    code: ErrorCode.permissionDenied,
    reason: 'nobody is logged in to Azure here',
    remedy: 'Run az login, or set storage.azure.account_key, sas_token or connection_string',
  };
}

function findingByStatus(
  status: number | undefined,
  { container, server }: AzureContext,
): Finding | undefined {
  if (status === 401 || status === 403) {
    return {
      code: ErrorCode.permissionDenied,
      reason: `the account has no right to (${status})`,
      remedy: `Give it the role Storage Blob Data Contributor on the container "${container}", or a signature with racwdl`,
    };
  }
  return status !== undefined && (status >= 500 || status === 429) ? overloaded(server, status) : undefined;
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
