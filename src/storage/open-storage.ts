import { join } from 'node:path';
import { type Logger, silentLogger } from '../base/index.js';
import type { StorageSettings } from '../model/index.js';
import type { BackendContext } from './backend-context.js';
import { FileStore } from './file/file-store.js';
import type { ObjectStore } from './object-store.js';
import { withPrefix } from './with-prefix.js';

export interface StorageOptions {
  /** Where the file store is when no path is set. */
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly log?: Logger;
}

/**
 * Opens the store that the settings name. They are plain data: a worker process opens the same store with the same
 * settings. Nothing is asked of a server yet; `checkStorage` does that.
 */
export async function openStorage(settings: StorageSettings, options: StorageOptions): Promise<ObjectStore> {
  const { dataDir, env = process.env, log = silentLogger } = options;
  return withPrefix(await openBackend(settings, dataDir, { env, log }), settings.prefix);
}

async function openBackend(
  settings: StorageSettings,
  dataDir: string,
  context: BackendContext,
): Promise<ObjectStore> {
  // The clients of a cloud are many files: only who uses them waits for them.
  switch (settings.backend) {
    case 'file':
      return new FileStore(settings.file.path ?? join(dataDir, 'storage'), settings.file.fsync);
    case 's3':
      return (await import('./s3/open-s3.js')).openS3(settings.s3, context);
    case 'gcs':
      return (await import('./gcs/open-gcs.js')).openGcs(settings.gcs, context);
    case 'azure':
      return (await import('./azure/open-azure.js')).openAzure(settings.azure, context);
  }
}

/** Fails, as the first object would, when the store can't be reached, isn't there, or refuses who asks. */
export async function checkStorage(store: ObjectStore): Promise<void> {
  for await (const _ of store.list()) return;
}
