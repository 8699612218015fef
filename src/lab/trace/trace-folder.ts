import { mkdir, open, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ErrorCode, messageOf, systemCode, WattloopError } from '../../base/index.js';
import { TRACE_FILES } from './files.js';

const NAMES: readonly string[] = Object.values(TRACE_FILES);
let drafts = 0;

/** What a place on disk is: where nothing stands, what may be replaced, or the reason why nothing may be written there. */
async function standing(path: string, mayOverwrite: boolean): Promise<'nothing' | 'folder'> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'nothing';
    if (systemCode(error) === 'ENOTDIR') throw refusal(path, 'is a file');
    throw error;
  }
  const isTrace = names.includes(TRACE_FILES.power) && names.includes(TRACE_FILES.invocations);
  const other = names.find((name) => !isTrace || !NAMES.includes(name));
  if (other !== undefined) throw refusal(path, `holds ${other}, which is not of a trace`);
  if (names.length > 0 && !mayOverwrite) throw refusal(path, 'holds a trace');
  return 'folder';
}

/** Refuses a place that no trace may be written to: before the work that is to fill it. */
export async function checkTraceFolder(path: string): Promise<void> {
  await standing(resolve(path), true);
}

function refusal(path: string, why: string): WattloopError {
  return new WattloopError(ErrorCode.badUsage, `${path} ${why}, and will not be overwritten`, {
    remedy: 'Name a folder that does not exist yet, or is empty',
  });
}

/**
 * Makes a folder with the given files. They are written beside it and take its place at once, so that it holds all of them
 * or what was there before.
 */
export async function writeFolder(
  path: string,
  files: ReadonlyMap<string, Iterable<string>>,
  mayOverwrite: boolean,
): Promise<void> {
  const absolute = resolve(path);
  // A link stays a link: what it leads to is replaced.
  const target = await realpath(absolute).catch(() => absolute);
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}-${drafts++}`);
  try {
    const before = await standing(target, mayOverwrite);
    await mkdir(`${draft}.new`);
    for (const [name, pieces] of files) await writePieces(join(`${draft}.new`, name), pieces);
    await exchange(target, `${draft}.new`, `${draft}.old`, before === 'folder');
  } catch (error) {
    if (error instanceof WattloopError) throw error;
    throw new WattloopError(ErrorCode.writeFailed, `could not write the trace ${path}: ${messageOf(error)}`, {
      remedy: 'Name a folder, in one that exists, where there is room and you may write',
      cause: error,
    });
  } finally {
    await rm(`${draft}.new`, { recursive: true, force: true });
  }
}

async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeFile(file, pieces);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function exchange(target: string, draft: string, old: string, hasOld: boolean): Promise<void> {
  if (hasOld) await rename(target, old);
  try {
    await rename(draft, target);
  } catch (error) {
    if (hasOld) await rename(old, target);
    throw error;
  }
  if (hasOld) await rm(old, { recursive: true, force: true });
}
