import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ErrorCode, makeFolders, messageOf, WattloopError } from '../../base/index.js';

export interface DurableOptions {
  readonly mode?: number;
  /** Whether it is to survive a failure of power too; else only that of the process. */
  readonly synced?: boolean;
}

/** Ends of names of files that are being written. */
export const UNFINISHED = '.unfinished';

/** The file appears with all that is in it, or stays as it was. */
export async function writeDurably(
  path: string,
  content: string | Uint8Array,
  { mode = 0o644, synced = true }: DurableOptions = {},
): Promise<void> {
  const temporary = `${path}.${randomUUID()}${UNFINISHED}`;
  try {
    makeFolders(dirname(path));
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      if (synced) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    if (synced) await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new WattloopError(ErrorCode.writeFailed, `could not write ${path}: ${messageOf(error)}`, {
      remedy: 'Make room there, get the right to write there, or name another folder with data_dir',
      cause: error,
    });
  }
}

/** The removal outlives a failure of power. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/** A name stands in its folder, which has to reach the disk as well. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync();
  } catch {
    // Some file systems sync no folders.
  } finally {
    await folder?.close();
  }
}
