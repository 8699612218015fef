import { type FSWatcher, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../base/index.js';

/** How folders are watched: `fs.watch`, unless a test has another. */
export type WatchFolder = (
  folder: string,
  told: (name: string | null) => void,
  failed: (error: unknown) => void,
) => () => void;

const watchWithSystem: WatchFolder = (folder, told, failed) => {
  const watcher: FSWatcher = watch(folder, { persistent: false }, (_, name) => told(name));
  watcher.on('error', failed);
  return () => watcher.close();
};

interface Watched {
  /** A folder that was removed and made again is another one. */
  readonly inode: number;
  readonly close: () => void;
}

/** Watches a changing set of folders, without those below them. */
export class FolderWatch {
  readonly #watchFolder: WatchFolder;
  readonly #changed: (path: string) => void;
  readonly #failed: (reason: string) => void;
  readonly #watched = new Map<string, Watched>();

  /** `changed` is told the path of what changed; `failed` that not all changes will be told from now on. */
  constructor(
    changed: (path: string) => void,
    failed: (reason: string) => void,
    watchFolder: WatchFolder = watchWithSystem,
  ) {
    this.#changed = changed;
    this.#failed = failed;
    this.#watchFolder = watchFolder;
  }

  /** Watches these folders from now on, and no others; what is no folder is left out. Gives those that were not watched before. */
  set(folders: ReadonlySet<string>): string[] {
    for (const [folder, { inode, close }] of this.#watched) {
      if (folders.has(folder) && inode === inodeOf(folder)) continue;
      close();
      this.#watched.delete(folder);
    }
    return Array.from(folders).filter((folder) => this.#watch(folder));
  }

  close(): void {
    this.set(new Set());
  }

  #watch(folder: string): boolean {
    if (this.#watched.has(folder)) return false;
    const inode = inodeOf(folder);
    if (inode === undefined) return false;
    try {
      const told = (name: string | null): void => this.#changed(name === null ? folder : join(folder, name));
      const close = this.#watchFolder(folder, told, (error) => this.#failed(messageOf(error)));
      this.#watched.set(folder, { inode, close });
      return true;
    } catch (error) {
      // Mostly the limit of what one user may watch.
      this.#failed(messageOf(error));
      return false;
    }
  }
}

function inodeOf(folder: string): number | undefined {
  try {
    const stats = statSync(folder);
    return stats.isDirectory() ? stats.ino : undefined;
  } catch {
    // Gone, or not for us.
    return undefined;
  }
}
