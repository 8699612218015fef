import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The account that Azurite, Azure's own emulator, has from the start; its key is published. */
export const AZURITE_ACCOUNT = 'devstoreaccount1';
export const AZURITE_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface Azurite {
  /** With the account: `http://127.0.0.1:PORT/devstoreaccount1`. */
  readonly endpoint: string;
  kill(): Promise<void>;
}

/** Starts Azurite on a port of its own, with nothing in it. */
export async function startAzurite(): Promise<Azurite> {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-azurite-'));
  const main = join(
    dirname(createRequire(import.meta.url).resolve('azurite/package.json')),
    'dist/src/blob/main.js',
  );
  const child = spawn(
    process.execPath,
    // In memory it keeps all that is deleted for a while; the API of the client may be newer than it knows.
    [main, '--blobHost', '127.0.0.1', '--blobPort', '0', '--location', folder, '--silent', '--skipApiVersionCheck', '--disableTelemetry'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const endpoint = await announced(child);
  return {
    endpoint: `${endpoint}/${AZURITE_ACCOUNT}`,
    kill: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

function announced(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const address = /listening (?:at|on) (http:\/\/[\d.]+:\d+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`Azurite ended with ${code}: ${text}`)));
  });
}
