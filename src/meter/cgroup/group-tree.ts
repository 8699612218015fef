import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

/** How often a folder is listed though it looks unchanged: some file systems that fixtures stand on do not count links. */
const RELIST_SECONDS = 5;

interface Folder {
  readonly folder: string;
  readonly inode: number;
  links: number;
  modified: number;
  readonly children: Set<string>;
}

export interface TreeChanges {
  readonly appeared: readonly string[];
  readonly vanished: readonly string[];
}

/**
 * The groups of a hierarchy, by path. Refreshing asks each folder for its inode and its number of links, which counts its
 * subfolders, and lists only those that changed. A group that was removed and made again has another inode.
 */
export class GroupTree {
  readonly #root: string;
  readonly #shows: string;
  readonly #folders = new Map<string, Folder>();
  #listedAt = Number.NEGATIVE_INFINITY;

  /** `shows` is the path within the hierarchy that the folder `root` stands for. */
  constructor(root: string, shows = '/') {
    this.#root = root;
    this.#shows = shows;
  }

  get paths(): IterableIterator<string> {
    return this.#folders.keys();
  }

  refresh(now: number): TreeChanges {
    const listAll = now - this.#listedAt >= RELIST_SECONDS;
    if (listAll) this.#listedAt = now;
    const changes = { appeared: [] as string[], vanished: [] as string[] };
    this.#visit(this.#shows, this.#root, listAll, changes);
    return changes;
  }

  #visit(
    path: string,
    folder: string,
    list: boolean,
    changes: { appeared: string[]; vanished: string[] },
  ): void {
    const stat = statOf(folder);
    if (stat === 'unreadable') return;
    let known = this.#folders.get(path);
    if (known && known.inode !== stat?.ino) {
      this.#remove(path, changes.vanished);
      known = undefined;
    }
    if (!stat?.isDirectory()) return;
    const changed = known === undefined || known.links !== stat.nlink || known.modified !== stat.mtimeMs;
    if (known === undefined) {
      known = { folder, inode: stat.ino, links: 0, modified: 0, children: new Set() };
      this.#folders.set(path, known);
      changes.appeared.push(path);
    }
    known.links = stat.nlink;
    known.modified = stat.mtimeMs;
    if (changed || list) {
      for (const name of subfolders(folder)) known.children.add(name);
    }
    for (const name of known.children) {
      const below = join(path, name);
      this.#visit(below, join(folder, name), list, changes);
      if (!this.#folders.has(below)) known.children.delete(name);
    }
  }

  #remove(path: string, vanished: string[]): void {
    const known = this.#folders.get(path);
    if (known === undefined) return;
    for (const name of known.children) this.#remove(join(path, name), vanished);
    this.#folders.delete(path);
    vanished.push(path);
  }
}

function statOf(folder: string): Stats | undefined | 'unreadable' {
  try {
    return statSync(folder, { throwIfNoEntry: false });
  } catch {
    return 'unreadable';
  }
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}
