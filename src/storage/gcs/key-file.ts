import { readFileSync } from 'node:fs';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';

/** Refuses a file of credentials that the Google client could not use: its own words for that are hard to understand. */
export function checkKeyFile(path: string): void {
  const fault = faultOf(path);
  if (fault === undefined) return;
  throw new WattloopError(
    ErrorCode.badConfiguration,
    `The credentials of Google Cloud in ${path} can't be used: ${fault}`,
    { remedy: 'Set storage.gcs.credentials_file to the JSON key file of a service account' },
  );
}

function faultOf(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return messageOf(error);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // Its message would quote what is in it.
    return 'it is no JSON';
  }
  const { type, private_key: key, client_email: account } = (content ?? {}) as Record<string, unknown>;
  if (typeof type !== 'string') return 'it does not say of what type it is';
  const isWhole = type !== 'service_account' || (typeof key === 'string' && typeof account === 'string');
  return isWhole ? undefined : 'private_key or client_email is missing';
}
