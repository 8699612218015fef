import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FunctionSpec } from '../../../model/index.js';

const LETTERS = 16;
/** Larger programs are told apart by size and time. */
const READ_BYTES = 2 ** 24;

/** Names what is served: the description and the code. */
export async function versionOf(spec: FunctionSpec, buildHash: string | undefined): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(sorted(spec)));
  hash.update(buildHash ?? '');
  for (const word of spec.command ?? []) hash.update(await contentOf(word, spec.folder));
  return hash.digest('hex').slice(0, LETTERS);
}

/** A word of a command that names a file below the function's folder is code; others are text. */
async function contentOf(word: string, folder: string | undefined): Promise<Uint8Array | string> {
  if (folder === undefined) return '';
  const path = resolve(folder, word);
  if (!path.startsWith(`${folder}/`)) return '';
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return '';
  return stats.size > READ_BYTES ? `${stats.size} ${stats.mtimeMs}` : readFile(path);
}

/** The same text for the same description, in whatever order it was written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
