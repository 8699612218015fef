import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ErrorCode, listIfAny, makeFolders, messageOf, WattloopError } from '../../base/index.js';

export interface DurableOptions {
  readonly mode?: number;
  /** Whether it is to survive a failure of power too; else only that of the process. */
  readonly synced?: boolean;
}

/** Ends the names of files that are being written. */
const UNFINISHED = '.unfinished';

/** Removes what processes that were killed had begun to write in a folder of ours. */
export function removeUnfinished(folder: string): void {
  for (const name of listIfAny(folder)) {
    if (name.endsWith(UNFINISHED)) rmSync(join(folder, name), { force: true });
  }
}

/** The file appears with all that is in it, or stays as it was. */
export async function writeDurably(
  path: string,
  content: string | Uint8Array,
  { mode = 0o644, synced = true }: DurableOptions = {},
): Promise<void> {
  // A name that nobody takes for a secret's or a function's.
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}${UNFINISHED}`);
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
