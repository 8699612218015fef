import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildServer, startChildServer } from './child-server.js';

/** What it accepts. */
export const S3RVER_KEYS = { access_key_id: 'S3RVER', secret_access_key: 'S3RVER' };

const PROGRAM = `
const S3rver = require(${JSON.stringify(createRequire(import.meta.url).resolve('s3rver'))});
const server = new S3rver({ port: Number(process.argv[2]), address: '127.0.0.1', silent: true, directory: process.argv[1],
  configureBuckets: [{ name: 'data' }] });
server.run().then(({ port }) => console.log('listens on http://127.0.0.1:' + port));
`;

export interface S3rverOptions {
  /** Where its objects are: one that was killed goes on in the same. */
  readonly folder?: string;
  readonly port?: number;
}

/** Starts s3rver, which speaks the S3 of 2020: no checksums but MD5, no conditional writes. It has the bucket `data`. */
export function startS3rver({ folder, port = 0 }: S3rverOptions = {}): Promise<ChildServer> {
  const directory = folder ?? mkdtempSync(join(tmpdir(), 'wattloop-s3rver-'));
  // Its tokens of pages are encrypted with DES.
  return startChildServer('s3rver', [
    '--no-deprecation',
    '--openssl-legacy-provider',
    '-e',
    PROGRAM,
    directory,
    String(port),
  ]);
}
