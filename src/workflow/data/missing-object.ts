import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closest, ErrorCode, WattloopError } from '../../base/index.js';
import type { ObjectStore } from '../../storage/index.js';

/** Names beside a missing one that are looked at for the one that was meant. */
const NAMES_LOOKED_AT = 1_000;

const missing = (what: string, near: string | undefined, otherwise: string): WattloopError =>
  new WattloopError(ErrorCode.notFound, `there is no ${what}`, {
    remedy: near === undefined ? otherwise : `Did you mean ${near}?`,
  });

/** The error of a file that isn't there, which names the one that is most like it. */
export async function missingFile(path: string): Promise<WattloopError> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) {
    const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory();
    return missing(
      `file ${path}`,
      undefined,
      isFolder ? `Check who may read ${folder}` : `There is no folder ${folder} either`,
    );
  }
  const near = closest(basename(path), names);
  return missing(
    `file ${path}`,
    near && join(folder, near),
    `${folder} is empty. Paths are relative to the workflow's folder`,
  );
}

/** The error of an object that isn't there, which names the one that is most like it. */
export async function missingKey(store: ObjectStore, key: string): Promise<WattloopError> {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const keys: string[] = [];
  for await (const info of store.list(folder)) {
    if (keys.push(info.key) === NAMES_LOOKED_AT) break;
  }
  const near = closest(key, keys);
  const where = `${store.address.replace(/\/$/, '')}/`;
  return missing(`object ${where}${key}`, near && `${where}${near}`, `No key in it begins with "${folder}"`);
}
