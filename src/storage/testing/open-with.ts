import { settingsSchema } from '../../model/index.js';
import type { ObjectStore } from '../object-store.js';
import { openStorage } from '../open-storage.js';

/** Opens a store by settings as they stand in a file, in an environment without anything in it. */
export function openWith(
  storage: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<ObjectStore> {
  return openStorage(settingsSchema.parse({ storage }).storage, { dataDir: '/nowhere', env });
}
