import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { ErrorCode, shownPath, systemCode, WattloopError } from '../../../base/index.js';

/**
 * The real path of what is named, seen from a folder. Refused where the name, or a link on the way, leads out of the
 * folder, or nothing is there.
 */
export function insideOf(folder: string, name: string): string {
  const refuse = (why: string, remedy: string): WattloopError =>
    new WattloopError(ErrorCode.badInput, `${JSON.stringify(name.slice(0, 200))} ${why}`, { remedy });
  const stay = `Name something below ${shownPath(folder)}`;
  if (name.includes('\0')) throw refuse('is no path', stay);
  const path = resolve(folder, name);
  if (!isBelow(folder, path)) throw refuse(`leads out of ${shownPath(folder)}`, stay);
  let real: string;
  let root: string;
  try {
    root = realpathSync(folder);
    real = realpathSync(path);
  } catch (error) {
    const isLoop = systemCode(error) === 'ELOOP';
    throw refuse(
      isLoop ? 'is a link to itself' : `is not there: there is no ${shownPath(path)}`,
      isLoop ? stay : 'Correct the path',
    );
  }
  if (isBelow(root, real)) return real;
  throw refuse(`is a link out of ${shownPath(folder)}`, 'Put what it leads to into the folder');
}

/** The folder itself is below itself. */
export const isBelow = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
