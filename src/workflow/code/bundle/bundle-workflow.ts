import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { closest, ErrorCode, WattloopError } from '../../../base/index.js';
import { bundleError, shownMessage, shownPath } from './build-error.js';
import { CODE_ENDINGS } from './own-place.js';
import { exportsOf, type WrittenBundle, writeBundle } from './write-bundle.js';

export interface BundleOptions {
  /** Where the bundle is written: `bundle-HASH.mjs`. */
  readonly folder: string;
  /** Packages that stay outside the bundle, besides those that load native code. */
  readonly external?: readonly string[];
}

/** A workflow file with all that it imports. */
export interface WorkflowBundle extends WrittenBundle {
  /** The user's file. */
  readonly file: string;
  readonly warnings: readonly string[];
}

/** Bundles a workflow file with what it imports into one file that any process of this machine can import. */
export async function bundleWorkflow(file: string, options: BundleOptions): Promise<WorkflowBundle> {
  const path = resolve(file);
  checkFile(path);
  const folder = resolve(options.folder);
  try {
    const { warnings, metafile, ...written } = await writeBundle({
      ...options,
      folder,
      home: path,
      entry: { entryPoints: [path] },
    });
    if (!exportsOf(metafile).includes('default')) throw noDefaultExport(path);
    return { ...written, file: path, warnings: warnings.map(shownMessage) };
  } catch (error) {
    throw error instanceof WattloopError ? error : bundleError(error, shownPath(path));
  }
}

const noDefaultExport = (path: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, `${shownPath(path)} has no default export`, {
    remedy: 'A workflow file says: export default workflow(name, options, (flow) => { … })',
  });

function checkFile(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw missingFile(path);
  const remedy = `A workflow is a file that ends in ${CODE_ENDINGS.join(', ')}`;
  if (stat.isDirectory()) throw isFolder(path, remedy);
  if (CODE_ENDINGS.includes(extname(path))) return;
  throw new WattloopError(ErrorCode.badInput, `${shownPath(path)} is no TypeScript or JavaScript file`, {
    remedy,
  });
}

function missingFile(path: string): WattloopError {
  const folder = dirname(path);
  const names = listIfAny(folder);
  const near = names && closest(basename(path), names.filter(isCode));
  const what = names ? `there is no file ${shownPath(path)}` : `there is no folder ${shownPath(folder)}`;
  return new WattloopError(
    ErrorCode.badInput,
    what,
    near === undefined ? {} : { remedy: `Did you mean ${near}?` },
  );
}

/** Names that a workflow in a folder of its own mostly has. */
const USUAL_NAME = /^(workflow|index|main)\./;

function isFolder(path: string, otherwise: string): WattloopError {
  const files = (listIfAny(path) ?? []).filter(isCode);
  const likely = files.find((name) => USUAL_NAME.test(name)) ?? (files.length === 1 ? files[0] : undefined);
  return new WattloopError(ErrorCode.badInput, `${shownPath(path)} is a folder`, {
    remedy: likely === undefined ? otherwise : `Did you mean ${shownPath(join(path, likely))}?`,
  });
}

const isCode = (name: string): boolean => CODE_ENDINGS.includes(extname(name));

function listIfAny(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}
