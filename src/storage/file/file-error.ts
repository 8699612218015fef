import { statSync } from 'node:fs';
import { ErrorCode, messageOf, systemCode, WattloopError } from '../../base/index.js';
import { type Attempt, type Finding, notFound, storageError } from '../storage-error.js';

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const IS_A_FOLDER = ['EISDIR', 'ENOTEMPTY', 'ENOTDIR', 'EEXIST'];

function findingOf(error: unknown, root: string): Finding {
  const code = systemCode(error);
  if (code !== undefined && FULL.includes(code)) {
    return {
      code: ErrorCode.storageFailed,
      reason: `${code === 'EDQUOT' ? 'the quota is used up' : 'the disk is full'} (${code})`,
      remedy: `Make room on the disk of ${root}, or set storage.file.path to a folder on another one`,
    };
  }
  if (code === 'EROFS') {
    return {
      code: ErrorCode.storageFailed,
      reason: 'the file system is read-only (EROFS)',
      remedy: 'Set storage.file.path to a folder that can be written to, or mount it for writing',
    };
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      code: ErrorCode.permissionDenied,
      reason: `there is no right to (${code})`,
      remedy: `Check owner and rights of the files in ${root}, or set storage.file.path to another folder`,
    };
  }
  if (code === 'ENAMETOOLONG') {
    return {
      code: ErrorCode.badInput,
      reason: 'a part of its key is too long for a file name (ENAMETOOLONG)',
    };
  }
  if (code === 'ENOTDIR' && isFile(root)) {
    return {
      code: ErrorCode.storageFailed,
      reason: 'it is a file and no folder (ENOTDIR)',
      remedy: 'Set storage.file.path to a folder; it is made when there is none',
    };
  }
  if (code !== undefined && IS_A_FOLDER.includes(code)) {
    return {
      code: ErrorCode.badInput,
      reason: `its key is a folder of other objects, or a part of it is an object (${code})`,
      remedy: 'Write to another key: no key may be a folder of another one',
    };
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return {
      code: ErrorCode.storageFailed,
      reason: `too many files are open (${code})`,
      remedy: 'Allow more: ulimit -n 65536',
    };
  }
  return { code: ErrorCode.storageFailed, reason: messageOf(error) };
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** What a failed call on a file means for an object. */
export function fileError(root: string, attempt: Attempt, error: unknown): WattloopError {
  if (error instanceof WattloopError) return error;
  const code = systemCode(error);
  if (attempt.action !== 'write' && (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR')) {
    return notFound(root, attempt);
  }
  return storageError(root, attempt, { ...findingOf(error, root), cause: error });
}
