import { ErrorCode, messageOf, WattloopError } from '../base/index.js';

/** What was tried on which object, for messages: `write "runs/1" to`, and the store's address follows. */
export interface Attempt {
  readonly action: 'write' | 'read' | 'look at' | 'list' | 'delete';
  readonly key: string;
}

const PREPOSITIONS = {
  write: 'to',
  read: 'from',
  'look at': 'in',
  list: 'in',
  delete: 'from',
} as const satisfies Record<Attempt['action'], string>;

export interface Finding {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
}

/** The one form of what goes wrong in a store: what was tried, on which object, where, why it failed, and what would mend it. */
export function storageError(place: string, { action, key }: Attempt, finding: Finding): WattloopError {
  const { code, reason, remedy, cause } = finding;
  const what = action === 'list' ? `list "${key}…"` : `${action} "${key}"`;
  return new WattloopError(code, `Can't ${what} ${PREPOSITIONS[action]} ${place}: ${reason}`, {
    ...(remedy !== undefined && { remedy }),
    ...(cause !== undefined && { cause }),
  });
}

export const notFound = (place: string, attempt: Attempt): WattloopError =>
  storageError(place, attempt, {
    code: ErrorCode.notFound,
    reason: 'there is no such object',
    remedy: 'Check the key and what the storage settings name; it may have been deleted',
  });

export const alreadyExists = (place: string, key: string): WattloopError =>
  storageError(
    place,
    { action: 'write', key },
    {
      code: ErrorCode.alreadyExists,
      reason: 'there is such an object already',
      remedy: 'Delete it first, or write to another key',
    },
  );

export const damaged = (place: string, attempt: Attempt, expected: string, found: string): WattloopError =>
  storageError(place, attempt, {
    code: ErrorCode.storageFailed,
    reason: `its checksum is ${found} and not ${expected} (CRC-32C): it was damaged on its way or where it lies`,
    remedy:
      attempt.action === 'write' ? 'Nothing was kept; try again' : 'Make it anew from what it came from',
  });

export const damagedByMd5 = (place: string, key: string, expected: string, found: string): WattloopError =>
  storageError(
    place,
    { action: 'write', key },
    {
      code: ErrorCode.storageFailed,
      reason: `its checksum there is ${found} and not ${expected} (MD5): it was damaged on its way`,
      remedy: 'Nothing was kept; try again',
    },
  );

// Signatures, tokens and keys as they stand in URLs, headers and connection strings.
const SECRETS =
  /((?:sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|access_token|token|accountkey|sharedaccesssignature|secret\w*)\s*[=:]\s*"?)[^&;\s"']+|(\b(?:bearer|sharedkey|aws4-hmac-sha256)\s+)[^\n"']+|(:\/\/)[^/\s@]+@/gi;

/** The text without what must not be shown: what looks like a secret, and those that are known. */
export function withoutSecrets(text: string, secrets: readonly (string | undefined)[] = []): string {
  let shown = text.replace(SECRETS, (_, name?: string, scheme?: string, slashes?: string) =>
    slashes === undefined ? `${name ?? scheme ?? ''}***` : slashes,
  );
  for (const secret of secrets) {
    if (secret !== undefined && secret.length > 3) shown = shown.replaceAll(secret, '***');
  }
  return shown;
}

/** An error of a provider's library holds its request, headers and all: what is kept of it are name, message and stack. */
export function safeCause(error: unknown, secrets: readonly (string | undefined)[] = []): Error {
  const kept = new Error(withoutSecrets(messageOf(error), secrets));
  if (error instanceof Error) {
    kept.name = error.name;
    kept.stack = withoutSecrets(error.stack ?? '', secrets);
  }
  return kept;
}

/** An address as people may see it: without user, password and query. */
export function shownAddress(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  } catch {
    return withoutSecrets(url);
  }
}
