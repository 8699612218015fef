import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { ErrorCode, shownPath, systemCode, WattloopError } from '../../../base/index.js';

/** The path of what is named, seen from a folder. Refused where the name leads out of the folder. */
export function pathInside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (name.includes('\0')) throw refused(folder, name, 'is no path');
  if (!isBelow(folder, path)) throw refused(folder, name, `leads out of ${shownPath(folder)}`);
  return path;
}

/** The real path. Refused too where a link on the way leads out of the folder, or nothing is there. */
export function insideOf(folder: string, name: string): string {
  const path = pathInside(folder, name);
  let real: string;
  let root: string;
  try {
    root = realpathSync.native(folder);
    real = realpathSync.native(path);
  } catch (error) {
    if (systemCode(error) === 'ELOOP') throw refused(folder, name, 'is a link to itself');
    throw refused(folder, name, `is not there: there is no ${shownPath(path)}`, 'Correct the path');
  }
  if (isBelow(root, real)) return real;
  const remedy = 'Put what it leads to into the folder';
  throw refused(folder, name, `is a link out of ${shownPath(folder)}`, remedy);
}

const refused = (folder: string, name: string, why: string, remedy?: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, `${JSON.stringify(name.slice(0, 200))} ${why}`, {
    remedy: remedy ?? `Name something below ${shownPath(folder)}`,
  });

/** The folder itself is below itself. */
export const isBelow = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
