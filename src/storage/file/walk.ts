import { type Dirent, type Stats, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../base/index.js';
import { compareKeys, isKey } from '../key.js';
import { TEMPORARY_FOLDER } from './file-writer.js';

export interface FoundFile {
  readonly key: string;
  readonly stats: Stats;
}

/**
 * The files below `root` whose keys begin with `prefix`, in the order of their keys' bytes. It goes down folder by folder
 * as it is asked for more, so that memory holds the names of one folder a level, however many files there are.
 * Links to files count as files; links to folders are not followed, as they may lead in a circle.
 */
export async function* walk(root: string, prefix: string): AsyncGenerator<FoundFile, void, undefined> {
  yield* walkFolder(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
}

async function* walkFolder(
  root: string,
  folder: string,
  prefix: string,
): AsyncGenerator<FoundFile, void, undefined> {
  for (const key of await keysIn(root, folder, prefix)) {
    if (key.endsWith('/')) yield* walkFolder(root, key, prefix);
    else {
      const stats = statIfAny(join(root, key));
      if (stats?.isFile()) yield { key, stats };
    }
  }
}

/** What is directly in a folder; a folder's key ends with /, and is sorted so, as those of all that is in it begin so. */
async function keysIn(root: string, folder: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for (const entry of await entriesOf(join(root, folder))) {
    const key = folder + entry.name;
    if (key === TEMPORARY_FOLDER || !isKey(key)) continue;
    const found = entry.isDirectory() ? `${key}/` : key;
    if (found.startsWith(prefix)) keys.push(found);
  }
  return keys.sort(compareKeys);
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    const code = systemCode(error);
    // There is nothing so named, or it went while others were listed.
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

function statIfAny(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    throw error;
  }
}
