import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { ErrorCode, makeFolders, messageOf, systemCode, WattloopError } from '../../base/index.js';
import { parseProfile } from './parse-profile.js';
import type { Profile } from './profile.js';
import { profileText, stageText } from './profile-text.js';

const EXTENSION = '.json';

/** The name of a file may hold no `/`, and a stage's may. */
const fileOf = (stage: string): string => `${encodeURIComponent(stage)}${EXTENSION}`;

function stageOf(path: string): string {
  const name = basename(path, extname(path));
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isMissing = systemCode(error) === 'ENOENT';
    throw new WattloopError(
      isMissing ? ErrorCode.notFound : ErrorCode.badInput,
      isMissing ? `there is no profile ${path}` : `could not read ${path}: ${messageOf(error)}`,
      { remedy: 'Name a profile file, or a folder with one for each stage', cause: error },
    );
  }
}

/**
 * A profile from a file of all stages, from one of a single stage, which is then named for it, or from a folder with such
 * files.
 */
export async function readProfileFile(path: string): Promise<Profile> {
  const isFolder = (await reading(path, () => stat(path))).isDirectory();
  const files = isFolder
    ? (await reading(path, () => readdir(path)))
        .filter((name) => name.endsWith(EXTENSION))
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (files.length === 0) {
    throw new WattloopError(ErrorCode.notFound, `${path}: there is no profile in this folder`, {
      remedy: `Profiles are files that end in ${EXTENSION}`,
    });
  }
  const stages: Profile['stages'][number][] = [];
  for (const file of files) {
    const text = await reading(file, () => readFile(file, 'utf8'));
    for (const stage of parseProfile(text, { name: file, stage: stageOf(file) }).stages) {
      if (stages.some(({ name }) => name === stage.name)) {
        throw new WattloopError(ErrorCode.badInput, `${file}: stage "${stage.name}" is there twice`, {
          remedy: 'Keep one file of it',
        });
      }
      stages.push(stage);
    }
  }
  return { stages };
}

/** The whole of it or nothing is there afterwards. */
async function replace(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new WattloopError(ErrorCode.writeFailed, `could not write ${path}: ${messageOf(error)}`, {
      remedy: 'Name a file in a folder that you may write to',
      cause: error,
    });
  }
}

/** Writes all stages into one file. */
export const writeProfileFile = (path: string, profile: Profile): Promise<void> =>
  replace(path, profileText(profile));

/** Writes a file for each stage into a folder, as FlexExecutor keeps and reads them. */
export async function writeProfileFolder(folder: string, { stages }: Profile): Promise<void> {
  try {
    makeFolders(folder);
  } catch (error) {
    throw new WattloopError(ErrorCode.writeFailed, `could not make ${folder}: ${messageOf(error)}`, {
      remedy: 'Name a folder that you may write to',
      cause: error,
    });
  }
  for (const stage of stages) await replace(join(folder, fileOf(stage.name)), stageText(stage));
}
