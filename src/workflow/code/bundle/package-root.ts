import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the package that a file belongs to: the next one above with a package.json that has a name. */
export function packageRoot(path: string): { folder: string; manifest: Manifest } | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const manifest = readManifest(file);
      if (manifest.name !== undefined) return { folder, manifest };
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** What is read of a package.json. */
export interface Manifest {
  readonly name?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly gypfile?: boolean;
  readonly binary?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function readManifest(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch {
    // Broken, or just gone: as if there were none.
    return {};
  }
}
