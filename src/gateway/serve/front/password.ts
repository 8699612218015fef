import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ErrorCode, makeFolders, messageOf, systemCode, WattloopError } from '../../../base/index.js';

export interface Password {
  readonly text: string;
  readonly file: string;
  /** It was made just now. */
  readonly isNew: boolean;
}

/** The password of /system: from its file, which is made at the first start. */
export function gatewayPassword(file: string | undefined, folder: string): Password {
  const path = file ?? join(folder, 'basic-auth-password');
  try {
    return { text: passwordIn(path), file: path, isNew: false };
  } catch (error) {
    if (file !== undefined || systemCode(error) !== 'ENOENT') throw unreadable(path, error);
  }
  const text = randomBytes(24).toString('base64url');
  makeFolders(dirname(path));
  try {
    writeFileSync(path, `${text}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new WattloopError(
      ErrorCode.writeFailed,
      `the password can't be kept in ${path}: ${messageOf(error)}`,
      {
        remedy: 'Name a file with gateway.auth.password_file',
        cause: error,
      },
    );
  }
  return { text, file: path, isNew: true };
}

function passwordIn(path: string): string {
  const text = readFileSync(path, 'utf8').trim();
  if (text !== '') return text;
  throw new WattloopError(ErrorCode.badConfiguration, `the password file ${path} is empty`, {
    remedy: 'Write a password into it, or delete it: the next start makes a new one',
  });
}

const unreadable = (path: string, error: unknown): WattloopError =>
  error instanceof WattloopError
    ? error
    : new WattloopError(
        ErrorCode.badConfiguration,
        `the password file ${path} can't be read: ${messageOf(error)}`,
        {
          remedy: 'Name a file that can be read with gateway.auth.password_file',
          cause: error,
        },
      );
