import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of groups that are gone, for what their last tasks still bring; the oldest are forgotten. */
const MOST_GONE = 4_096;

/** Which path a control group has: the kernel's id of a group is the inode number of its folder. */
export class CgroupPaths {
  readonly #mount: string;
  #living = new Map<bigint, string>();
  readonly #gone = new Map<bigint, string>();

  constructor(mount: string) {
    this.#mount = mount;
    this.rescan();
  }

  get(id: bigint): string | undefined {
    return this.#living.get(id) ?? this.#gone.get(id);
  }

  isLiving(id: bigint): boolean {
    return this.#living.has(id);
  }

  made(id: bigint, path: string): void {
    this.#living.set(id, path);
  }

  /** The group's last known path. */
  removed(id: bigint, path: string | undefined): string | undefined {
    const last = path ?? this.get(id);
    this.#living.delete(id);
    if (last === undefined) return undefined;
    this.#gone.set(id, last);
    for (const oldest of this.#gone.keys()) {
      if (this.#gone.size <= MOST_GONE) break;
      this.#gone.delete(oldest);
    }
    return last;
  }

  /** Reads the tree again. */
  rescan(): void {
    const living = new Map<bigint, string>();
    const visit = (path: string): void => {
      const folder = join(this.#mount, path);
      try {
        living.set(statSync(folder, { bigint: true }).ino, path);
        for (const entry of readdirSync(folder, { withFileTypes: true })) {
          if (entry.isDirectory()) visit(join(path, entry.name));
        }
      } catch {
        // Removed while it was looked at.
      }
    };
    visit('/');
    for (const [id, path] of this.#living) if (!living.has(id)) this.removed(id, path);
    this.#living = living;
  }
}
