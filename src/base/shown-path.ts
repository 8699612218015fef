import { relative } from 'node:path';

/** A path as a person in this folder would write it. */
export function shownPath(path: string, folder = process.cwd()): string {
  const near = relative(folder, path);
  return near.startsWith('..') ? path : near;
}
