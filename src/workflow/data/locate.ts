import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest, ErrorCode, WattloopError } from '../../base/index.js';
import type { StorageSettings } from '../../model/index.js';
import type { ObjectPlace } from './input-part.js';

const SCHEMES = ['s3', 'gs', 'azure', 'file'] as const;

/** A bucket or container in some store, and what follows it in an address. */
export interface StoreAddress {
  readonly storage: StorageSettings;
  readonly key: string;
}

/** What an address such as `s3://bucket/key` means with the user's settings; undefined for a path of this machine. */
export function storeAddress(path: string, settings: StorageSettings): StoreAddress | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)\/?(.*)$/is.exec(path);
  const [, scheme = '', bucket = '', key = ''] = match ?? [];
  if (!match || scheme === 'file') return undefined;
  if (bucket === '') {
    throw new WattloopError(
      ErrorCode.badInput,
      `${path} names no ${scheme === 'azure' ? 'container' : 'bucket'}`,
      {
        remedy: `Write ${scheme}://NAME/KEY`,
      },
    );
  }
  // An address is whole: what the settings put before the keys of runs is no part of it.
  switch (scheme) {
    case 's3':
      return { storage: { ...settings, backend: 's3', prefix: '', s3: { ...settings.s3, bucket } }, key };
    case 'gs':
      return { storage: { ...settings, backend: 'gcs', prefix: '', gcs: { ...settings.gcs, bucket } }, key };
    case 'azure':
      return {
        storage: {
          ...settings,
          backend: 'azure',
          prefix: '',
          azure: { ...settings.azure, container: bucket },
        },
        key,
      };
    default:
      throw new WattloopError(
        ErrorCode.badInput,
        `${path}: nothing is known of ${scheme}:// (known: ${SCHEMES.join(', ')})`,
        {
          remedy: `Did you mean ${closest(scheme, SCHEMES)}://? Download what lies elsewhere first`,
        },
      );
  }
}

/** The absolute path of a file that is named relative to the workflow's folder, or as `file:///…`. */
export const filePath = (path: string, baseFolder: string): string =>
  path.startsWith('file://') ? fileURLToPath(path) : resolve(baseFolder, path);

export function locate(path: string, baseFolder: string, settings: StorageSettings): ObjectPlace {
  const address = storeAddress(path, settings);
  return address ? { in: 'storage', ...address } : { in: 'file', path: filePath(path, baseFolder) };
}
