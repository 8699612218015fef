import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ChildServer, startChildServer } from './child-server.js';

/** The account that Azurite has from the start; its key is published. */
export const AZURITE_ACCOUNT = 'devstoreaccount1';
export const AZURITE_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Starts Azurite, Azure's own emulator, on a port of its own. The endpoint ends in the account. */
export async function startAzurite(): Promise<ChildServer> {
  const root = dirname(createRequire(import.meta.url).resolve('azurite/package.json'));
  const server = await startChildServer('Azurite', [
    join(root, 'dist/src/blob/main.js'),
    ...['--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence'],
    // The client may speak a newer version than it knows.
    '--skipApiVersionCheck',
    '--disableTelemetry',
    '--silent',
  ]);
  return { ...server, endpoint: `${server.endpoint}/${AZURITE_ACCOUNT}` };
}
