import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface S3rver {
  readonly endpoint: string;
  kill(): Promise<void>;
}

/** What it accepts. */
export const S3RVER_KEYS = { access_key_id: 'S3RVER', secret_access_key: 'S3RVER' };

// It runs in a process of its own, so that it can be killed, and says its address when it is ready.
const PROGRAM = `
const S3rver = require(${JSON.stringify(createRequire(import.meta.url).resolve('s3rver'))});
const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: process.argv[1],
  configureBuckets: [{ name: 'data' }] });
server.run().then(({ port }) => console.log('listening on ' + port));
`;

/** Starts s3rver, which speaks the S3 of 2020: no checksums but MD5, no conditional writes. It has the bucket `data`. */
export async function startS3rver(): Promise<S3rver> {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-s3rver-'));
  const child = spawn(process.execPath, ['--no-deprecation', '-e', PROGRAM, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /listening on (\d+)/.exec(chunk.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`s3rver ended with ${code}`)));
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    kill: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}
