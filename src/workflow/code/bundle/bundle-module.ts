import { resolve } from 'node:path';
import { shownPath, WattloopError } from '../../../base/index.js';
import { bundleError, shownMessage } from './build-error.js';
import { checkModuleFile, type ModuleWords } from './module-file.js';
import { exportsOf, type WrittenBundle, writeBundle } from './write-bundle.js';

export interface BundleOptions {
  /** Where the bundle is written: `bundle-HASH.mjs`. */
  readonly folder: string;
  /** Packages that stay outside the bundle, besides those that load native code. */
  readonly external?: readonly string[];
}

/** A module with all that it imports. */
export interface ModuleBundle extends WrittenBundle {
  /** The user's file. */
  readonly file: string;
  /** Names that it exports. */
  readonly exports: readonly string[];
  /** Absolute paths of the files that it was made of. */
  readonly inputs: readonly string[];
  readonly warnings: readonly string[];
}

/** Bundles a module with what it imports into one file that any process of this machine can import. */
export async function bundleModule(
  file: string,
  words: ModuleWords,
  options: BundleOptions,
): Promise<ModuleBundle> {
  const path = resolve(file);
  checkModuleFile(path, words);
  try {
    const { warnings, metafile, ...written } = await writeBundle({
      ...options,
      folder: resolve(options.folder),
      home: path,
      entry: { entryPoints: [path] },
    });
    return {
      ...written,
      file: path,
      exports: exportsOf(metafile),
      inputs: inputsOf(Object.keys(metafile.inputs)),
      warnings: warnings.map(shownMessage),
    };
  } catch (error) {
    throw error instanceof WattloopError ? error : bundleError(error, shownPath(path));
  }
}

/** Files, told as seen from the working folder; what has a prefix was made up by a plug-in. */
const inputsOf = (names: readonly string[]): string[] =>
  names.filter((name) => !/^[\w-]+:/.test(name)).map((name) => resolve(name));
