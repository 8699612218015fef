import { readdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Removes a folder, and those above it up to the root, as long as nothing is in them. */
export function removeEmptyAbove(folder: string, root: string): void {
  try {
    for (let path = folder; path.length > root.length; path = dirname(path)) rmdirSync(path);
  } catch {
    // There is something in it, or another one was quicker.
  }
}

/** Removes a folder in which there are only folders. Throws the system's error when there is more in it. */
export function removeEmptyBelow(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyBelow(join(folder, entry.name));
  }
  rmdirSync(folder);
}
