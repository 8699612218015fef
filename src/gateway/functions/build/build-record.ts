import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { FileMark } from './fingerprint.js';

/** What was built last of a function, and of what: so that nothing is built twice. */
export interface BuildRecord {
  /** Changes when bundles are made in another way. */
  readonly maker: string;
  readonly handler: string;
  /** Name of the bundle, beside the record. */
  readonly module: string;
  /** Of the code. */
  readonly hash: string;
  readonly inputs: readonly FileMark[];
}

export const RECORD_NAME = 'build.json';

const schema = z.object({
  maker: z.string(),
  handler: z.string(),
  module: z.string().regex(/^[\w.-]+\.mjs$/),
  hash: z.string(),
  inputs: z.array(z.tuple([z.string(), z.number(), z.string()])),
});

/** Undefined where there is none, or none that can be understood. */
export async function readBuildRecord(path: string): Promise<BuildRecord | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
