import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHost, type Host, type HostOptions, ManualClock, silentLogger } from '../../base/index.js';

/** Files of a fixture by path below `sys/` or `proc/`: text, or `{ link }` for a symbolic link, or `{ mode }` with rights. */
export type Tree = Readonly<
  Record<string, string | { readonly link: string } | { readonly text: string; readonly mode: number }>
>;

export function writeTree(root: string, tree: Tree): void {
  for (const [name, entry] of Object.entries(tree)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof entry === 'string') writeFileSync(path, entry);
    else if ('link' in entry) symlinkSync(entry.link, path);
    else {
      writeFileSync(path, entry.text);
      chmodSync(path, entry.mode);
    }
  }
}

/** A host whose /sys and /proc are the given files in a fresh folder, with a clock that stands still. */
export function fixtureHost(
  tree: Tree,
  options: HostOptions = {},
): Host & { readonly clock: ManualClock; readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'wattloop-fixture-'));
  mkdirSync(join(root, 'sys'), { recursive: true });
  mkdirSync(join(root, 'proc'), { recursive: true });
  writeTree(root, tree);
  const clock = new ManualClock();
  const host = createHost({
    sysfs: join(root, 'sys'),
    procfs: join(root, 'proc'),
    log: silentLogger,
    env: {},
    ...options,
    clock,
  });
  return { ...host, clock, root };
}
